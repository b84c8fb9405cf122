import { momentMs } from "../options/moment.ts";
import type { SourceSettings } from "./options.ts";
import { ruledTime, type TimeRule } from "./time-rule.ts";

/** What the options say of the times of entries. */
export type TimeSettings = Pick<SourceSettings, "mtime" | "maxMtime">;

export function timeRule({ mtime, maxMtime }: TimeSettings): TimeRule {
	return {
		fixedMs: mtime === undefined ? undefined : momentMs(mtime),
		maxMs: maxMtime === undefined ? undefined : momentMs(maxMtime),
	};
}

/**
 * The time that an entry gets.
 *
 * @param ownMs - Its own, milliseconds since 1970.
 */
export function entryTime(settings: TimeSettings, ownMs: number): number {
	const { mtime, maxMtime } = settings;
	return mtime === undefined && maxMtime === undefined ? ownMs : ruledTime(timeRule(settings), ownMs);
}
