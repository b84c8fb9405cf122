import fc from "fast-check";
import type { CalendarSpan, KeepPolicy } from "../../../src/backup/retention/keep-policy.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Half an hour of summer time, a sky full of it, none, and dates that differ from those of UTC. */
export const ZONES = [
	"UTC",
	"Europe/Berlin",
	"America/New_York",
	"Australia/Lord_Howe",
	"Asia/Kathmandu",
	"Pacific/Kiritimati",
] as const;

export function span(fields: Partial<CalendarSpan>): CalendarSpan {
	return { years: 0, months: 0, days: 0, hours: 0, ...fields };
}

/** Times every so often from the start on. */
export function every(stepMs: number, start: string, count: number): Date[] {
	return Array.from({ length: count }, (_, index) => new Date(Date.parse(start) + index * stepMs));
}

const count = fc.option(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(-1)), {
	nil: undefined,
	freq: 2,
});
const anySpan = fc.option(
	fc
		.record({
			years: fc.integer({ min: 0, max: 1 }),
			months: fc.integer({ min: 0, max: 14 }),
			days: fc.integer({ min: 0, max: 40 }),
			hours: fc.integer({ min: 0, max: 50 }),
		})
		.filter((some) => Object.values(some).some((field) => field > 0)),
	{ nil: undefined, freq: 1 },
);

/** Any policy that has a rule. */
export const anyPolicy: fc.Arbitrary<KeepPolicy> = fc
	.record({
		last: count,
		hourly: count,
		daily: count,
		weekly: count,
		monthly: count,
		yearly: count,
		within: anySpan,
		withinHourly: anySpan,
		withinDaily: anySpan,
		withinWeekly: anySpan,
		withinMonthly: anySpan,
		withinYearly: anySpan,
		min: fc.integer({ min: 1, max: 4 }),
	})
	.filter(({ min: _, ...rules }) => Object.values(rules).some((rule) => rule !== undefined));
