const UNITS = [
	["d", 86_400_000],
	["h", 3_600_000],
	["min", 60_000],
	["s", 1000],
] as const;

/** A time in the largest unit that it is a whole number of: `90 s`, `1 h`. */
export function describeTime(milliseconds: number): string {
	const [name, size] = UNITS.find(([, size]) => milliseconds > 0 && milliseconds % size === 0) ?? ["ms", 1];
	return `${milliseconds / size} ${name}`;
}
