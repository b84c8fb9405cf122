import { invalidOption } from "../../options/invalid-option.ts";
import { formatCalendarSpan } from "./calendar-span.ts";
import { type CalendarSpan, type KeepPolicy, PERIODS, type Period } from "./keep-policy.ts";

/** Stands for "without end" as the number of a rule. */
const KEEP_ALL = -1;

/** What the number of a rule may be, in words that fit after "must be". */
export const KEEP_COUNT_RULE = "a whole number from 1, or all";

/**
 * Reads the number of a rule: `7`, or `all` (restic's `unlimited` and `-1` as well). 0 is refused: it would look like
 * a rule that keeps nothing, and is none.
 *
 * @param option - What gives it, for messages: `keep.daily`.
 * @throws {InvalidOptionError}
 */
export function parseKeepCount(option: string, text: string): number {
	if (text === "all" || text === "unlimited" || text === String(KEEP_ALL)) return KEEP_ALL;
	const count = /^\d+$/.test(text) ? Number(text) : 0;
	if (Number.isSafeInteger(count) && count >= 1) return count;
	throw invalidOption(option, KEEP_COUNT_RULE, text);
}

/** A rule of a policy that does something. */
export type KeepRule =
	/** The newest ones. */
	| { readonly kind: "last"; readonly name: string; readonly count: number }
	/** The newest of each of the last so many periods. */
	| { readonly kind: "period"; readonly name: string; readonly period: Period; readonly count: number }
	/** All of a span, or the newest of each of its periods. */
	| {
			readonly kind: "within";
			readonly name: string;
			readonly period: Period | undefined;
			readonly span: CalendarSpan;
	  };

const WITHIN = {
	hourly: "withinHourly",
	daily: "withinDaily",
	weekly: "withinWeekly",
	monthly: "withinMonthly",
	yearly: "withinYearly",
} as const satisfies Record<Period, keyof KeepPolicy>;

/** The rules of a policy. A count is `Infinity` for one without end; 0 makes no rule. */
export function rulesOf(policy: KeepPolicy): readonly KeepRule[] {
	const rules: KeepRule[] = [];
	if (policy.within !== undefined) rules.push(withinRule(undefined, policy.within));
	if (policy.last) rules.push({ kind: "last", name: "last", count: countOf(policy.last) });
	for (const period of PERIODS) {
		const count = policy[period];
		if (count) rules.push({ kind: "period", name: period, period, count: countOf(count) });
	}
	for (const period of PERIODS) {
		const span = policy[WITHIN[period]];
		if (span !== undefined) rules.push(withinRule(period, span));
	}
	return rules;
}

function withinRule(period: Period | undefined, span: CalendarSpan): KeepRule {
	const within = `within ${formatCalendarSpan(span)}`;
	return { kind: "within", name: period === undefined ? within : `${period} ${within}`, period, span };
}

function countOf(count: number): number {
	return count === KEEP_ALL ? Number.POSITIVE_INFINITY : count;
}
