import { describe, expect, it } from "vitest";
import {
	formatDuration,
	parseDate,
	parseDuration,
	parseNumber,
	parsePairs,
	parseSize,
} from "../../../src/cli/arguments/parse.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

describe("parseSize", () => {
	it.each([
		["1", 1],
		["16777216", 16 * MiB],
		["16777216B", 16 * MiB],
		["16M", 16 * MiB],
		["16m", 16 * MiB],
		["16Mi", 16 * MiB],
		["16 MiB", 16 * MiB],
		["16mb", 16 * MiB],
		["1.5k", 1536],
		["2G", 2048 * MiB],
		["1T", 1024 ** 4],
	])("reads %s: a plain number is bytes, units are powers of 1024", (text, bytes) => {
		expect(parseSize("--size", text)).toBe(bytes);
	});

	it.each(["", "0", "0M", "-1", "16X", "16MM", "M", "0.1k", "1e3", "0x10", "1,000", "16M 4"])(
		"refuses %j, and shows it as it was typed",
		(text) => {
			expect(() => parseSize("--size", text)).toThrow(`--size is a size such as 16M or 1G, not "${text}"`);
		},
	);

	it("refuses a plain number that was meant as MiB, and says what it is", () => {
		expect(() => parseSize("--size", "16", 5 * MiB)).toThrow(
			'--size "16" is 16 bytes, less than 5 MiB; 16M is 16 MiB',
		);
		expect(() => parseSize("--size", "1", 5 * MiB)).toThrow(
			'--size "1" is 1 byte, less than 5 MiB; 1M is 1 MiB',
		);
		expect(() => parseSize("--size", "5242879", 5 * MiB)).toThrow(/^--size "5242879" .*, less than 5 MiB$/);
		expect(parseSize("--size", "5242880", 5 * MiB)).toBe(5 * MiB);
		expect(parseSize("--size", "16k", 5 * MiB)).toBe(16 * KiB); // whoever says a unit means it
	});
});

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

describe("parseDuration", () => {
	it.each([
		[500, "0.5s"],
		[10_000, "10s"],
		[60_000, "60s"],
		[600_000, "10m"],
		[86_400_000, "1d"],
	])("reads %d ms as formatDuration writes it: %s", (milliseconds, text) => {
		expect(formatDuration(milliseconds)).toBe(text);
		expect(parseDuration("--retry-time", text)).toBe(milliseconds);
	});

	it("refuses anything else, and shows it as it was typed", () => {
		expect(() => parseDuration("--retry-time", "1 week")).toThrow(
			'--retry-time is a time such as 30s, 10m or 1d, not "1 week"',
		);
	});
});

describe("parsePairs", () => {
	it("shows as it was typed what is no pair", () => {
		expect(() => parsePairs("--metadata", ["owner"])).toThrow('--metadata is key=value, not "owner"');
	});
});
