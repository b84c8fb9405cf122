import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { applyKeepPolicy } from "../../../src/backup/retention/apply-policy.ts";
import type { KeepPolicy } from "../../../src/backup/retention/keep-policy.ts";
import { keptByBruteForce } from "./brute-force.ts";
import { anyPolicy, DAY_MS, every, HOUR_MS, span, ZONES } from "./policies.ts";

const NOW = new Date("2026-12-31T23:59:59Z");

/** Archives at these times, the policy applied, and what it keeps: times and why. */
function keep(
	times: readonly string[],
	policy: Partial<KeepPolicy>,
	{ timeZone = "UTC", now = NOW }: { timeZone?: string; now?: Date } = {},
): Record<string, readonly string[]> {
	const archives = times.map((text) => ({ text, time: new Date(text) }));
	const { kept } = applyKeepPolicy(archives, { min: 1, ...policy }, { timeZone, now });
	return Object.fromEntries(kept.map(({ archive, rules }) => [archive.text, rules]));
}

describe("applyKeepPolicy", () => {
	it("keeps the newest archive of each period that has one, and skips periods that have none", () => {
		const times = ["2026-01-01T01:00Z", "2026-01-01T02:00Z", "2026-03-05T01:00Z", "2026-03-07T09:00Z"];
		expect(keep(times, { daily: 2 })).toEqual({
			"2026-03-07T09:00Z": ["daily"],
			"2026-03-05T01:00Z": ["daily"],
		});
	});

	it("gives all reasons, and lets no rule take from the number of another", () => {
		expect(keep(["2026-03-05T01:00Z", "2026-03-07T09:00Z"], { last: 1, daily: 1, yearly: 1 })).toEqual({
			"2026-03-07T09:00Z": ["last", "daily", "yearly"],
		});
	});

	it("keeps the oldest archive while a rule has periods left to give", () => {
		const times = ["2026-03-07T01:00Z", "2026-03-07T02:00Z", "2026-03-07T09:00Z"];
		expect(keep(times, { daily: 2 })).toEqual({
			"2026-03-07T09:00Z": ["daily"],
			"2026-03-07T01:00Z": ["oldest daily"],
		});
		expect(keep(times, { daily: 1 })).toEqual({ "2026-03-07T09:00Z": ["daily"] });
	});

	it("counts weeks from Monday, and gives the days around New Year to the week that they are in", () => {
		// 2026-12-28 is the Monday of week 53; 2027-01-03 is its Sunday.
		const times = ["2026-12-27T12:00Z", "2026-12-28T12:00Z", "2027-01-03T12:00Z", "2027-01-04T12:00Z"];
		const now = new Date("2027-01-05T00:00Z");
		expect(Object.keys(keep(times, { weekly: 3 }, { now }))).toEqual([
			"2027-01-04T12:00Z",
			"2027-01-03T12:00Z",
			"2026-12-27T12:00Z",
		]);
	});

	it("has days begin at midnight of the time zone", () => {
		const times = ["2026-06-01T21:30Z", "2026-06-01T22:30Z"];
		expect(Object.keys(keep(times, { daily: 1 }))).toHaveLength(1);
		expect(keep(times, { daily: 2 }, { timeZone: "Europe/Berlin" })).toEqual({
			"2026-06-01T22:30Z": ["daily"],
			"2026-06-01T21:30Z": ["daily"],
		});
	});

	it("takes the hour that the clock shows twice for one", () => {
		const times = ["2026-10-25T00:30Z", "2026-10-25T01:30Z", "2026-10-25T02:30Z"];
		expect(Object.keys(keep(times, { hourly: 2 }, { timeZone: "Europe/Berlin" }))).toEqual([
			"2026-10-25T02:30Z",
			"2026-10-25T01:30Z",
		]);
		expect(Object.keys(keep(times, { hourly: 3 }))).toHaveLength(3);
	});

	it("counts a span from the newest archive, not from now, and leaves out what is exactly as old", () => {
		const times = ["2026-01-01T12:00Z", "2026-01-01T12:01Z", "2026-01-31T12:00Z"];
		expect(keep(times, { within: span({ days: 30 }) })).toEqual({
			"2026-01-31T12:00Z": ["within 30d"],
			"2026-01-01T12:01Z": ["within 30d"],
		});
	});

	it("carries a day that its month does not have over into the next", () => {
		const times = ["2026-03-02T12:00Z", "2026-03-03T12:01Z", "2026-03-31T12:00Z"];
		expect(Object.keys(keep(times, { within: span({ months: 1 }) }))).toEqual([
			"2026-03-31T12:00Z",
			"2026-03-03T12:01Z",
		]);
	});

	it("keeps archives from the future within any span, which counts from the newest of the past", () => {
		const times = ["2026-12-01T00:00Z", "2026-12-30T00:00Z", "2031-01-01T00:00Z"];
		expect(keep(times, { within: span({ days: 7 }) })).toEqual({
			"2031-01-01T00:00Z": ["within 7d"],
			"2026-12-30T00:00Z": ["within 7d"],
		});
	});

	it("keeps the newest of the past even if archives from the future use a rule up", () => {
		expect(keep(["2026-12-30T00:00Z", "2031-01-01T00:00Z"], { last: 1 })).toEqual({
			"2031-01-01T00:00Z": ["last"],
			"2026-12-30T00:00Z": ["newest"],
		});
	});

	it("keeps at least the minimum, and says so where nothing else keeps it", () => {
		const times = ["2026-12-01T00:00Z", "2026-12-02T00:00Z", "2026-12-03T00:00Z"];
		expect(keep(times, { last: 1, min: 2 })).toEqual({
			"2026-12-03T00:00Z": ["last"],
			"2026-12-02T00:00Z": ["min"],
		});
	});

	it("keeps all for a rule without end, and everything for a policy without rules", () => {
		const times = every(DAY_MS, "2026-01-01T00:00Z", 50).map((time) => time.toISOString());
		expect(Object.keys(keep(times, { daily: -1 }))).toHaveLength(50);
		expect(Object.values(keep(times, {}))).toEqual(times.map(() => ["no rule"]));
		expect(Object.values(keep(times, { daily: 0 }))).toEqual(times.map(() => ["no rule"]));
	});

	it("decides nothing about nothing", () => {
		const policy = { daily: 1, within: span({ days: 1 }), min: 1 };
		expect(applyKeepPolicy([], policy, { timeZone: "UTC", now: NOW })).toEqual({ kept: [], removed: [] });
	});

	it("gives every archive back once, newest first, whatever their order", () => {
		const archives = every(HOUR_MS, "2026-05-01T00:00Z", 100).map((time) => ({ time }));
		const shuffled = archives.map((_, index) => archives[(index * 37) % 100] ?? { time: NOW });
		const outcome = applyKeepPolicy(shuffled, { daily: 3, min: 1 }, { timeZone: "UTC", now: NOW });
		const kept = outcome.kept.map(({ archive }) => archive);
		expect(new Set([...kept, ...outcome.removed])).toEqual(new Set(archives));
		expect(kept).toEqual(kept.toSorted((a, b) => b.time.getTime() - a.time.getTime()));
		expect(outcome.removed).toHaveLength(97);
	});
});

/** Applies both, and compares. */
function compare(
	times: readonly Date[],
	policy: KeepPolicy,
	settings: { timeZone: string; now: Date },
): void {
	const { kept, removed } = applyKeepPolicy(
		times.map((time) => ({ time })),
		policy,
		settings,
	);
	const expected = [...keptByBruteForce(times, policy, settings)];
	const asText = (some: readonly Date[]) => some.map((time) => time.toISOString()).toSorted();
	expect(asText(kept.map(({ archive }) => archive.time))).toEqual(asText(expected));
	expect(kept.length + removed.length).toBe(times.length);
	expect(kept.every(({ rules }) => rules.length > 0)).toBe(true);
}

const RULES: readonly Partial<KeepPolicy>[] = [
	{ last: 100 },
	{ hourly: 49 },
	{ daily: 30 },
	{ weekly: 60 },
	{ monthly: 7 },
	{ yearly: 3 },
	{ within: span({ months: 2, days: 3, hours: 5 }) },
	{ withinHourly: span({ hours: 100 }) },
	{ withinDaily: span({ days: 100 }) },
	{ withinWeekly: span({ months: 8 }) },
	{ withinMonthly: span({ years: 1 }) },
	{ withinYearly: span({ years: 2 }) },
];

describe.each(ZONES)("a year of hourly runs in %s", (timeZone) => {
	const times = every(HOUR_MS, "2025-12-20T00:17:31.250Z", 366 * 24);

	test.each(RULES)("$#: one rule keeps what it says", { tags: "slow" }, (rule) => {
		compare(times, { ...rule, min: 1 }, { timeZone, now: new Date("2026-12-22T00:00Z") });
		// The middle of March and of October: the clock has not changed yet, and has.
		for (const now of ["2026-03-31T12:00Z", "2026-10-26T12:00Z"]) {
			const until = new Date(now);
			compare(
				times.filter((time) => time <= until),
				{ ...rule, min: 1 },
				{ timeZone, now: until },
			);
		}
	});

	test("any policy keeps what its rules say", { tags: "slow" }, () => {
		fc.assert(
			fc.property(anyPolicy, fc.integer({ min: 1, max: times.length }), (policy, count) => {
				const until = times.slice(0, count);
				// A day of archives is from the future.
				const now = new Date((until.at(-1)?.getTime() ?? 0) - DAY_MS);
				compare(until, policy, { timeZone, now });
			}),
			{ numRuns: 8 },
		);
	});
});

describe("runs at any times", () => {
	it.each(ZONES)("any policy keeps what its rules say in %s", (timeZone) => {
		const time = fc
			.integer({ min: Date.parse("2024-12-01"), max: Date.parse("2027-02-01") })
			.map((ms) => new Date(ms));
		const times = fc.uniqueArray(time, { maxLength: 60, selector: (one) => one.getTime() });
		fc.assert(
			fc.property(times, anyPolicy, time, (some, policy, now) => compare(some, policy, { timeZone, now })),
			{ numRuns: 60 },
		);
	});
});
