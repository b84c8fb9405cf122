import { momentMs } from "../options/moment.ts";
import type { SourceSettings } from "./options.ts";

/** What the options say of the times of entries. */
export type TimeSettings = Pick<SourceSettings, "mtime" | "maxMtime">;

/**
 * The time that an entry gets.
 *
 * @param ownMs - Its own, milliseconds since 1970.
 */
export function entryTime({ mtime, maxMtime }: TimeSettings, ownMs: number): number {
	const wantedMs = mtime === undefined ? ownMs : momentMs(mtime);
	return maxMtime === undefined ? wantedMs : Math.min(wantedMs, momentMs(maxMtime));
}
