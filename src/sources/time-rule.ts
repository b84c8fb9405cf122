/** What the options say of the times of entries, in numbers: threads are told it as well. */
export interface TimeRule {
	/** Milliseconds since 1970, for all entries. */
	readonly fixedMs: number | undefined;
	/** The latest that an entry may have, milliseconds since 1970. */
	readonly maxMs: number | undefined;
}

/** @param ownMs - The entry's own time, milliseconds since 1970. */
export function ruledTime({ fixedMs, maxMs }: TimeRule, ownMs: number): number {
	const wantedMs = fixedMs ?? ownMs;
	return maxMs === undefined ? wantedMs : Math.min(wantedMs, maxMs);
}
