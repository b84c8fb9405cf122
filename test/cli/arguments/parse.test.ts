import { describe, expect, it } from "vitest";
import { parseDate, parseNumber, parsePairs } from "../../../src/cli/arguments/parse.ts";

describe("parseNumber", () => {
	it("reads decimal numbers, whatever their range", () => {
		expect(["4", "1.5", "-1"].map((text) => parseNumber("--level", text))).toEqual([4, 1.5, -1]);
	});

	it.each(["four", '"4"', "1e1", "0x4", "4 ", "NaN", "Infinity"])(
		"refuses %j, and shows it as it was typed",
		(text) => {
			expect(() => parseNumber("--level", text, "from 1 to 9")).toThrow(
				`--level must be from 1 to 9, not "${text}"`,
			);
		},
	);
});

describe("parseDate", () => {
	it.each([
		["2026-01-31", "2026-01-31T00:00:00.000Z"],
		["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"],
		["2026-01-31T12:00+02:00", "2026-01-31T10:00:00.000Z"],
		["2024-02-29", "2024-02-29T00:00:00.000Z"],
		["1700000000", "2023-11-14T22:13:20.000Z"],
		["1980-01-01", "1980-01-01T00:00:00.000Z"],
		["2107-12-31T23:59:59Z", "2107-12-31T23:59:59.000Z"],
	])("reads %s", (text, time) => {
		expect(parseDate("--mtime", text).toISOString()).toBe(time);
	});

	it.each([
		"2026-02-31",
		"2026-13-01",
		"2026-01-31T25:00:00Z",
		"2026-01-31T12:00:00",
		"31.1.2026",
		"Jan 31 2026",
		"yesterday",
		"26-01-31",
		"1e9",
	])("refuses %j, whatever Date makes of it", (text) => {
		expect(() => parseDate("--mtime", text)).toThrow(
			/^--mtime is a time such as .* or seconds since 1970, not /,
		);
		expect(() => parseDate("--mtime", text)).toThrow(`not "${text}"`);
	});

	it.each(["-5", "0", "2026", "1979-12-31", "2108-01-01", "1700000000000"])(
		"refuses %j, which ZIP cannot hold",
		(text) => {
			expect(() => parseDate("--mtime", text)).toThrow(
				`--mtime is a time from 1980 to 2107, as ZIP has no other, not "${text}"`,
			);
		},
	);
});

describe("parsePairs", () => {
	it("shows as it was typed what is no pair", () => {
		expect(() => parsePairs("--metadata", ["owner"])).toThrow('--metadata is key=value, not "owner"');
	});
});
