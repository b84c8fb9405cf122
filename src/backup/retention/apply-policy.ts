import type { KeepPolicy } from "./keep-policy.ts";
import { type KeepRule, rulesOf } from "./keep-rules.ts";
import { LocalCalendar } from "./local-calendar.ts";

/** What a policy says about archives; both lists from the newest on. */
export interface PolicyOutcome<Archive> {
	readonly kept: readonly {
		readonly archive: Archive;
		/**
		 * Why, at least one: `last`, `daily`, `within 30d`, `daily within 30d`; `oldest daily` for the oldest of all, while a
		 * rule has more periods to give than there are; `newest` and `min` where nothing else keeps it; `no rule` if the
		 * policy has none.
		 */
		readonly rules: readonly string[];
	}[];
	readonly removed: readonly Archive[];
}

export interface PolicySettings {
	/** IANA name of the zone whose hours, days and weeks count. */
	readonly timeZone: string;
	/** What is later is from the future: it is kept by `within`, which counts from the newest one that is not. */
	readonly now: Date;
	/** One that has been used before; by default a new one for the zone. */
	readonly calendar?: LocalCalendar | undefined;
}

/**
 * Decides which archives a policy keeps. These are restic's rules: independent of each other, the newest archive of a
 * period stands for it, only periods that have an archive count, and a count that is not used up keeps the oldest
 * archive. Besides, the newest archives are kept whatever the rules say: `min` of them, and the newest that is not
 * from the future. A policy without rules keeps everything.
 *
 * Pure: the same archives, policy and time give the same answer.
 */
export function applyKeepPolicy<Archive extends { readonly time: Date }>(
	archives: readonly Archive[],
	policy: KeepPolicy,
	{ timeZone, now, calendar = new LocalCalendar(timeZone) }: PolicySettings,
): PolicyOutcome<Archive> {
	const newestFirst = archives.toSorted((a, b) => b.time.getTime() - a.time.getTime());
	const rules = rulesOf(policy);
	if (rules.length === 0)
		return { kept: newestFirst.map((archive) => ({ archive, rules: ["no rule"] })), removed: [] };
	const newest = newestFirst.find(({ time }) => time <= now);
	const judges = rules.map((rule) => judgeOf(rule, newest?.time, calendar));
	const kept: { archive: Archive; rules: readonly string[] }[] = [];
	const removed: Archive[] = [];
	for (const [index, archive] of newestFirst.entries()) {
		const isOldest = index === newestFirst.length - 1;
		const names = judges.flatMap((judge) => judge(archive.time, isOldest) ?? []);
		if (names.length === 0 && (index === 0 || archive === newest)) names.push("newest");
		if (names.length === 0 && index < policy.min) names.push("min");
		if (names.length > 0) kept.push({ archive, rules: names });
		else removed.push(archive);
	}
	return { kept, removed };
}

/** Is shown archives from the newest on, and says why its rule keeps them, if it does. */
type Judge = (time: Date, isOldest: boolean) => string | undefined;

function judgeOf(rule: KeepRule, newest: Date | undefined, calendar: LocalCalendar): Judge {
	switch (rule.kind) {
		case "last": {
			let left = rule.count;
			return () => (left-- > 0 ? rule.name : undefined);
		}
		case "period": {
			const judge = periodJudge(rule, calendar);
			let left = rule.count;
			return (time, isOldest) => {
				const name = left > 0 ? judge(time, isOldest) : undefined;
				if (name !== undefined) left--;
				return name;
			};
		}
		case "within": {
			const { name, period, span } = rule;
			const after = newest && calendar.before(newest, span);
			const judge = period === undefined ? () => name : periodJudge({ name, period }, calendar);
			return (time, isOldest) => (after === undefined || time > after ? judge(time, isOldest) : undefined);
		}
	}
}

/** Keeps the newest of each period, and the oldest archive of all. */
function periodJudge(
	{ name, period }: { name: string; period: PeriodRule["period"] },
	calendar: LocalCalendar,
): Judge {
	// In a few zones midnight has been shown twice; a day that was left does not begin once more.
	let last = Number.POSITIVE_INFINITY;
	return (time, isOldest) => {
		const number = calendar.periodOf(period, time);
		const isNew = number < last;
		if (isNew) last = number;
		if (isNew) return name;
		return isOldest ? `oldest ${name}` : undefined;
	};
}

type PeriodRule = Extract<KeepRule, { kind: "period" }>;
