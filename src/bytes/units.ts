export const KiB: number = 1024;
export const MiB: number = 1024 * KiB;
export const GiB: number = 1024 * MiB;

/** Bytes in the largest unit that keeps them readable, binary: `8 MiB`, `1.5 GiB`. */
export function describeSize(bytes: number): string {
	const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
	let value = bytes;
	let unit = 0;
	while (value >= KiB && unit < units.length - 1) {
		value /= KiB;
		unit += 1;
	}
	return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** With commas, as `toLocaleString("en")`, which would load rules for all the world first: 10 ms. */
export function formatNumber(whole: number): string {
	return String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}
