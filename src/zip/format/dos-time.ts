/** Date and time as MS-DOS stores them (APPNOTE 4.4.6). */
export interface DosTime {
	readonly date: number;
	readonly time: number;
}

/** The first moment that ZIP can hold, milliseconds since 1970. */
export const FIRST_ZIP_TIME_MS: number = Date.UTC(1980, 0, 1);
/** The first one that it cannot hold any more. */
export const END_OF_ZIP_TIME_MS: number = Date.UTC(2108, 0, 1);
const EARLIEST: DosTime = { date: (1 << 5) | 1, time: 0 }; // 1980-01-01 00:00:00
const LATEST: DosTime = { date: (127 << 9) | (12 << 5) | 31, time: (23 << 11) | (59 << 5) | 29 }; // 2107-12-31 23:59:58

/**
 * Converts a time to MS-DOS form, in UTC, clamped to what the form can hold (1980 to 2107).
 *
 * The form has no time zone. Most writers put local time there, so the same file zipped in two places
 * gives two archives. UTC is deterministic; readers that want the true instant find it in the extended
 * timestamp beside it.
 *
 * @param mtimeMs - Milliseconds since 1970-01-01 UTC; fractions and negative values are fine.
 */
export function dosTime(mtimeMs: number): DosTime {
	if (mtimeMs >= END_OF_ZIP_TIME_MS) return LATEST; // before Date sees it: file systems hold times that Date cannot
	if (!(mtimeMs >= FIRST_ZIP_TIME_MS)) return EARLIEST;
	const moment = new Date(mtimeMs);
	return {
		date: ((moment.getUTCFullYear() - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate(),
		time: (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1),
	};
}

/**
 * Whole seconds since 1970 for the extended timestamp field, or `undefined` where its signed 32 bits
 * cannot hold them (before 1901 and after 2038-01-19). A reader then falls back to the MS-DOS time.
 */
export function unixSeconds(mtimeMs: number): number | undefined {
	const seconds = Math.floor(mtimeMs / 1000);
	return seconds === (seconds | 0) ? seconds : undefined;
}
