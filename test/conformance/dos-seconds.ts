const EARLIEST = Date.UTC(1980, 0, 1) / 1000;
const LATEST = Date.UTC(2107, 11, 31, 23, 59, 58) / 1000;

/** What the MS-DOS fields keep of a time: even seconds from 1980 to 2107. Seconds since 1970. */
export function dosSeconds(seconds: number): number {
	const clamped = Math.min(Math.max(seconds, EARLIEST), LATEST);
	return clamped - (clamped % 2);
}

/** What an archive keeps of a time: the second, where 32 bits with a sign can count it from 1970. */
export function keptSeconds(seconds: number): number {
	return seconds === (seconds | 0) ? seconds : dosSeconds(seconds);
}
