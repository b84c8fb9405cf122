export const KiB: number = 1024;
export const MiB: number = 1024 * KiB;
export const GiB: number = 1024 * MiB;

/** Bytes in the largest unit that keeps them readable, binary: `8 MiB`, `1.5 GiB`. */
export function describeSize(bytes: number): string {
	const { value, unit } = inUnits(bytes, KiB);
	return unit === undefined ? `${value} bytes` : `${Number(value.toPrecision(3))} ${unit}`;
}

/**
 * Bytes in a unit that is large enough.
 *
 * @param limit - What no value reaches, but in the largest unit.
 * @returns no unit for bytes
 */
export function inUnits(bytes: number, limit: number): { value: number; unit: string | undefined } {
	const units = ["KiB", "MiB", "GiB", "TiB"];
	let value = bytes;
	let unit: string | undefined;
	while (value >= limit && units.length > 0) {
		value /= KiB;
		unit = units.shift();
	}
	return { value, unit };
}

/** With commas, as `toLocaleString("en")`, which would load rules for all the world first: 10 ms. */
export function formatNumber(whole: number): string {
	return String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}
