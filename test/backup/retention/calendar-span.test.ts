import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCalendarSpan, parseCalendarSpan } from "../../../src/backup/retention/calendar-span.ts";
import { span } from "./policies.ts";

describe("parseCalendarSpan", () => {
	it.each([
		["1y5m7d2h", { years: 1, months: 5, days: 7, hours: 2 }],
		["30d", { days: 30 }],
		["2w", { days: 14 }],
		["1w1d", { days: 8 }],
		["18m", { months: 18 }],
		["2h1y", { years: 1, hours: 2 }],
		["0y90d", { days: 90 }],
	])("reads %s", (text, fields) => {
		expect(parseCalendarSpan("--keep-within", text)).toEqual(span(fields));
	});

	it.each(["30", "d", "-1d", "1.5d", "30 d", "30D", "1d1d", "0d", "1s", "10min", "999999999y"])(
		"refuses %j, and says what a span is",
		(text) => {
			expect(() => parseCalendarSpan("--keep-within", text)).toThrow(
				`--keep-within must be a span such as 30d, 1y6m or 36h (y, m, w, d, h: years, months, weeks, days, hours), not "${text}"`,
			);
		},
	);

	it("asks of an empty one whether a variable is unset", () => {
		expect(() => parseCalendarSpan("keep.within", "")).toThrow("keep.within is empty; is a variable unset?");
	});
});

describe("formatCalendarSpan", () => {
	it("writes what is read back as the same", () => {
		const field = fc.integer({ min: 0, max: 100_000 });
		const some = fc
			.record({ years: field, months: field, days: field, hours: field })
			.filter((fields) => Object.values(fields).some((one) => one > 0));
		fc.assert(
			fc.property(some, (fields) => {
				expect(parseCalendarSpan("x", formatCalendarSpan(fields))).toEqual(fields);
			}),
		);
	});
});
