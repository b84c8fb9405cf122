import { GiB, KiB, MiB } from "../../bytes/units.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Steps that people count in. */
const DECIMAL = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const SIXTIETHS = [1, 2, 5, 10, 15, 30];

/** Distances between the lines of a scale, in bytes. */
export const SIZE_STEPS: readonly number[] = [1, KiB, MiB, GiB, KiB * GiB, MiB * GiB].flatMap((unit) =>
	DECIMAL.map((step) => step * unit),
);

/** Distances between the lines of a scale, in milliseconds. */
export const DURATION_STEPS: readonly number[] = [
	...[0.1, 0.2, 0.5, ...SIXTIETHS].map((step) => step * SECOND),
	...SIXTIETHS.map((step) => step * MINUTE),
	...[1, 2, 3, 6, 12, 24, 48, 120, 240].map((step) => step * HOUR),
];

/**
 * The lines of a scale that begins at 0 and has the largest value below its last line.
 *
 * @returns three to five values
 */
export function scaleOf(largest: number, steps: readonly number[]): readonly number[] {
	const step = steps.find((one) => one * 4 >= largest) ?? largest / 4;
	const count = Math.max(2, Math.ceil(largest / step));
	return Array.from({ length: count + 1 }, (_, index) => index * step);
}
