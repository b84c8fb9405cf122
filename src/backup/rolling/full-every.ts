import { invalidOption } from "../../options/invalid-option.ts";
import { parseCalendarSpan } from "../retention/calendar-span.ts";
import type { CalendarSpan } from "../retention/keep-policy.ts";

/** How often all is made anew, in words that fit after "must be". */
export const FULL_RULE = "every and a span, such as every 30d";

/**
 * Reads how often an archive is made anew: `every 30d`.
 *
 * @param option - What gives it, for messages.
 * @throws {InvalidOptionError}
 */
export function parseFullEvery(option: string, text: string): CalendarSpan {
	const [, span] = /^every +(\S+)$/.exec(text) ?? [];
	if (span === undefined) throw invalidOption(option, FULL_RULE, text);
	return parseCalendarSpan(option, span);
}
