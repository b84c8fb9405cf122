import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIsoTime } from "../../src/options/iso-time.ts";

describe("parseIsoTime", () => {
	it.each([
		["2026-01-31", "2026-01-31T00:00:00.000Z"],
		["2026-01-31T12:00Z", "2026-01-31T12:00:00.000Z"],
		["2026-01-31T12:00:05Z", "2026-01-31T12:00:05.000Z"],
		["2026-01-31 12:00:05Z", "2026-01-31T12:00:05.000Z"],
		["2026-01-31T12:00:05.5Z", "2026-01-31T12:00:05.500Z"],
		["2026-01-31T12:00:05.123456789Z", "2026-01-31T12:00:05.123Z"],
		["2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00.000Z"],
		["2026-01-31T12:00:00-0530", "2026-01-31T17:30:00.000Z"],
		["2024-02-29", "2024-02-29T00:00:00.000Z"],
		["0001-01-01", "0001-01-01T00:00:00.000Z"],
	])("reads %s as %s", (text, iso) => {
		expect(new Date(parseIsoTime(text) ?? Number.NaN).toISOString()).toBe(iso);
	});

	it.each([
		["-5"],
		["5"],
		["2026"],
		["2026-01"],
		["31.1.2026"],
		["January 31, 2026"],
		["2026-1-31"],
		["2026-02-31"],
		["2026-02-29"],
		["2026-13-01"],
		["2026-00-10"],
		["2026-01-31T24:00:00Z"],
		["2026-01-31T23:60:00Z"],
		["2026-01-31T23:59:60Z"],
		["2026-01-31T12Z"],
		["2026-01-31T12:00.5Z"],
		["2026-01-31T12:00:00"],
		["2026-01-31T12:00:00 CET"],
		["2026-01-31T12:00:00+24:00"],
		["2026-01-31T12:00:00+01:60"],
		["2026-01-31Z"],
		[" 2026-01-31"],
		["2026-01-31\n"],
		[""],
	])("refuses %j", (text) => {
		expect(parseIsoTime(text)).toBeUndefined();
	});

	it("reads what Date writes", () => {
		const moments = fc.date({
			min: new Date("0001-01-01"),
			max: new Date("9999-12-31"),
			noInvalidDate: true,
		});
		fc.assert(
			fc.property(moments, (moment) => {
				expect(parseIsoTime(moment.toISOString())).toBe(moment.getTime());
			}),
		);
	});
});
