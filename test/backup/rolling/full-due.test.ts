import { describe, expect, it } from "vitest";
import { parseCalendarSpan } from "../../../src/backup/retention/calendar-span.ts";
import { isFullDue } from "../../../src/backup/rolling/full-due.ts";

const at = (text: string) => new Date(text);

describe("a full archive is due", () => {
	it.each([
		["30d", "2026-11-01T02:30:07Z", "2026-11-30T23:59:59Z", false],
		// The schedule has no jitter that would make it a day later each time.
		["30d", "2026-11-01T02:30:07Z", "2026-12-01T02:30:01Z", true],
		["30d", "2026-11-01T02:30:07Z", "2026-12-01T00:00:00Z", true],
		["1m", "2026-01-31T02:30:00Z", "2026-02-27T23:00:00Z", false],
		["1m", "2026-01-31T02:30:00Z", "2026-02-28T01:00:00Z", true],
		["1w", "2026-11-01T02:30:00Z", "2027-11-01T02:30:00Z", true],
		["36h", "2026-11-01T02:30:00Z", "2026-11-02T14:29:59Z", false],
		["36h", "2026-11-01T02:30:00Z", "2026-11-02T14:30:00Z", true],
	])("every %s, after one of %s: at %s %s", (every, last, now, due) => {
		expect(isFullDue(at(last), parseCalendarSpan("full", every), at(now), "UTC")).toBe(due);
	});

	it("by the days of the job's time zone", () => {
		const due = (zone: string) =>
			isFullDue(
				at("2026-11-01T12:00:00Z"),
				{ years: 0, months: 0, days: 1, hours: 0 },
				at("2026-11-01T23:30:00Z"),
				zone,
			);
		expect(due("UTC")).toBe(false);
		expect(due("Europe/Berlin")).toBe(true);
	});

	it("if the last one is from the future, as a clock was wrong", () => {
		expect(
			isFullDue(
				at("2027-01-01T00:00:00Z"),
				parseCalendarSpan("full", "10y"),
				at("2026-11-26T00:00:00Z"),
				"UTC",
			),
		).toBe(true);
	});
});
