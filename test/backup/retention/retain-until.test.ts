import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { applyKeepPolicy } from "../../../src/backup/retention/apply-policy.ts";
import type { CalendarSpan, KeepPolicy } from "../../../src/backup/retention/keep-policy.ts";
import { LocalCalendar } from "../../../src/backup/retention/local-calendar.ts";
import { retainUntil } from "../../../src/backup/retention/retain-until.ts";
import { anyPolicy, DAY_MS, every, HOUR_MS, span, ZONES } from "./policies.ts";

/** Runs every so often, for ever, from a time on. */
function always(stepMs: number, first: string): (after: Date) => Date {
	const start = Date.parse(first);
	return (after) =>
		new Date(start + Math.max(0, Math.floor((after.getTime() - start) / stepMs) + 1) * stepMs);
}

const daily = always(DAY_MS, "2020-01-01T02:00Z");

interface Given {
	readonly others?: readonly string[];
	readonly nextRun?: (after: Date) => Date | undefined;
	readonly max?: CalendarSpan;
	readonly timeZone?: string;
}

/** The date of an archive made at that time, the only one there is unless others are given. */
function until(
	text: string,
	policy: Partial<KeepPolicy>,
	{ others = [], nextRun = daily, max, timeZone = "UTC" }: Given = {},
): string {
	const now = new Date(text);
	const archive = { time: now };
	const archives = [archive, ...others.map((one) => ({ time: new Date(one) }))];
	const dates = retainUntil(archives, { min: 1, ...policy }, { timeZone, now, nextRun, max });
	const date = dates.get(archive);
	return `${date?.until.toISOString().slice(0, 16)}Z${date?.isCapped ? ", capped" : ""}`;
}

describe("retainUntil", () => {
	const others = ["2025-11-01T02:00Z"];

	it("gives the run that drops an archive, not the end of its first period", () => {
		expect(until("2026-06-10T02:00Z", { daily: 7 }, { others })).toBe("2026-06-17T02:00Z");
		expect(until("2026-06-10T02:00Z", { last: 3 }, { others })).toBe("2026-06-13T02:00Z");
		expect(until("2026-06-10T02:00Z", { within: span({ days: 30 }) }, { others })).toBe("2026-07-10T02:00Z");
	});

	it("locks for years only what no later run of the year comes after", () => {
		const policy = { daily: 7, yearly: 10 };
		expect(until("2026-12-30T02:00Z", policy, { others })).toBe("2027-01-06T02:00Z");
		expect(until("2026-12-31T02:00Z", policy, { others })).toBe("2036-01-01T02:00Z");
	});

	it("knows that the oldest archive is kept until a number is used up", () => {
		expect(until("2026-06-10T02:00Z", { yearly: 3 })).toBe("2028-01-01T02:00Z");
		expect(until("2026-06-10T02:00Z", { yearly: 3 }, { others })).toBe("2026-06-11T02:00Z");
	});

	it("keeps for longer what no later archive has taken the place of", () => {
		// The runs of 11 and 12 June failed.
		const times = ["2026-06-10T02:00Z", "2026-06-13T02:00Z"].map((text) => ({ time: new Date(text) }));
		const settings = { timeZone: "UTC", now: new Date("2026-06-13T02:00Z"), nextRun: daily };
		const dates = retainUntil(times, { last: 3, min: 1 }, settings);
		expect(times.map((time) => dates.get(time)?.until.toISOString().slice(0, 10))).toEqual([
			"2026-06-15",
			"2026-06-16",
		]);
	});

	it("goes no farther than it may, and says so", () => {
		const max = span({ months: 1 });
		expect(until("2026-01-31T02:00Z", { daily: 90 }, { max })).toBe("2026-02-28T02:00Z, capped");
		expect(until("2026-01-31T02:00Z", { daily: 7 }, { max, others })).toBe("2026-02-07T02:00Z");
	});

	it("gives what is kept without end the farthest date of S3", () => {
		expect(until("2026-06-10T02:00Z", { daily: -1 })).toBe("2126-06-09T02:00Z, capped");
		expect(until("2026-06-10T02:00Z", {})).toBe("2126-06-09T02:00Z, capped");
		expect(until("2026-06-10T02:00Z", { daily: 7 }, { nextRun: () => undefined })).toBe(
			"2126-06-09T02:00Z, capped",
		);
	});

	it("says nothing of what the policy drops now", () => {
		const [old, recent] = [{ time: new Date("2026-01-01T02:00Z") }, { time: new Date("2026-01-02T02:00Z") }];
		const settings = { timeZone: "UTC", now: new Date("2026-01-02T03:00Z"), nextRun: daily };
		expect([...retainUntil([old, recent], { last: 1, min: 1 }, settings).keys()]).toEqual([recent]);
	});

	it("sees 2 March once more in April, after a month that is longer than the one before", () => {
		// A month before 31 March is 3 March, a month before 1 April is 1 March.
		const policy = { within: span({ months: 1 }) };
		const settings = { others: ["2026-02-01T02:00Z"] };
		expect(until("2026-03-02T02:00Z", policy, settings)).toBe("2026-03-30T02:00Z");
		expect(until("2026-03-05T02:00Z", policy, settings)).toBe("2026-04-05T02:00Z");
	});

	it("asks the schedule from period to period, not from run to run", () => {
		const minutes = always(60_000, "2020-01-01T00:00Z");
		let questions = 0;
		const nextRun = (after: Date) => {
			questions++;
			return minutes(after);
		};
		const policy = { hourly: 48, daily: 30, weekly: 8, monthly: 24, yearly: 50 };
		const settings = { nextRun, others, timeZone: "Europe/Berlin" };
		expect(until("2026-12-31T22:59Z", policy, settings)).toBe("2075-12-31T23:00Z");
		expect(questions).toBeLessThan(200);
	});
});

/** Adds run after run, applies the policy after each, and notes what is dropped when. */
function step(
	archives: readonly { time: Date }[],
	policy: KeepPolicy,
	runs: readonly Date[],
	{ timeZone, now }: { timeZone: string; now: Date },
): Map<{ time: Date }, Date | undefined> {
	const calendar = new LocalCalendar(timeZone);
	const first = applyKeepPolicy(archives, policy, { timeZone, now, calendar });
	let there = first.kept.map(({ archive }) => archive);
	const dates = new Map<{ time: Date }, Date | undefined>(there.map((archive) => [archive, undefined]));
	for (const run of runs) {
		const all = [...there, { time: run }];
		const { kept, removed } = applyKeepPolicy(all, policy, { timeZone, now: run, calendar });
		for (const archive of removed) if (dates.has(archive)) dates.set(archive, run);
		there = kept.map(({ archive }) => archive);
		if (!there.some((archive) => dates.has(archive))) break;
	}
	return dates;
}

function compare(
	times: readonly Date[],
	policy: KeepPolicy,
	runs: readonly Date[],
	settings: { timeZone: string; now: Date },
): void {
	const archives = times.map((time) => ({ time }));
	const expected = step(archives, policy, runs, settings);
	const nextRun = (after: Date) => runs.find((run) => run > after);
	const dates = retainUntil(archives, policy, { ...settings, nextRun });
	const past = [...expected].filter(([{ time }]) => time <= settings.now);
	const shown = (some: Iterable<[{ time: Date }, string]>) =>
		[...some].toSorted((a, b) => +a[0].time - +b[0].time);
	expect(
		shown([...dates].map(([one, { until, isCapped }]) => [one, isCapped ? "later" : until.toISOString()])),
	).toEqual(shown(past.map(([one, date]) => [one, date?.toISOString() ?? "later"])));
}

/** Runs with so many hours between them. */
function runsAfter(time: Date, hours: readonly number[]): Date[] {
	let last = time.getTime();
	return hours.map((gap) => {
		last += gap * HOUR_MS;
		return new Date(last);
	});
}

describe("retainUntil and the policy applied run by run", () => {
	const now = new Date("2026-02-10T12:00Z");
	const past = fc.uniqueArray(fc.integer({ min: 0, max: 30 * 24 }), { minLength: 1, maxLength: 12 });
	const gaps = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 60, maxLength: 120 });

	test.each(ZONES)("tell the same dates for any policy and any runs in %s", (timeZone) => {
		fc.assert(
			fc.property(past, gaps, anyPolicy, (ago, hours, policy) => {
				const times = ago.map((hour) => new Date(now.getTime() - hour * HOUR_MS));
				compare(times, policy, runsAfter(now, hours), { timeZone, now });
			}),
			{ numRuns: 25 },
		);
	});

	test.each(ZONES)("tell the same dates over two years in %s", { tags: "slow" }, (timeZone) => {
		fc.assert(
			fc.property(fc.integer({ min: 12, max: 60 }), past, anyPolicy, (stepHours, ago, policy) => {
				const times = ago.map((hour) => new Date(now.getTime() - hour * HOUR_MS));
				const runs = every(stepHours * HOUR_MS, "2026-02-10T13:17Z", Math.floor((2 * 365 * 24) / stepHours));
				compare(times, policy, runs, { timeZone, now });
			}),
			{ numRuns: 3 },
		);
	});

	test.each(["Europe/Berlin", "Australia/Lord_Howe"])(
		"tell the same dates beside archives from the future, in %s",
		(timeZone) => {
			const around = fc.uniqueArray(fc.integer({ min: -400, max: 400 }), { minLength: 2, maxLength: 10 });
			fc.assert(
				fc.property(around, gaps, anyPolicy, (from, hours, policy) => {
					const times = from.map((hour) => new Date(now.getTime() + hour * HOUR_MS + 1));
					compare(times, policy, runsAfter(now, hours), { timeZone, now });
				}),
				{ numRuns: 40 },
			);
		},
	);
});
