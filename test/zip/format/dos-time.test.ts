import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { dosTime, unixSeconds } from "../../../src/zip/format/dos-time.ts";

function read({ date, time }: { date: number; time: number }): number[] {
	return [1980 + (date >> 9), (date >> 5) & 15, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2];
}

const EARLIEST = [1980, 1, 1, 0, 0, 0];
const LATEST = [2107, 12, 31, 23, 59, 58];

describe("dosTime (APPNOTE 4.4.6)", () => {
	const zone = process.env["TZ"];
	afterEach(() => {
		if (zone === undefined) delete process.env["TZ"];
		else process.env["TZ"] = zone;
	});

	it.each([
		["1980-01-01T00:00:00Z", EARLIEST],
		["1980-01-01T00:00:01.999Z", EARLIEST],
		["2000-02-29T23:59:59.999Z", [2000, 2, 29, 23, 59, 58]],
		["2038-01-19T03:14:08Z", [2038, 1, 19, 3, 14, 8]],
		["2099-12-31T12:00:03Z", [2099, 12, 31, 12, 0, 2]],
		["2107-12-31T23:59:59.999Z", LATEST],
	])("keeps %s to two seconds", (moment, fields) => {
		expect(read(dosTime(Date.parse(moment)))).toEqual(fields);
	});

	it.each([
		["1979-12-31T23:59:59.999Z", EARLIEST],
		["1970-01-01T00:00:00Z", EARLIEST],
		["1900-06-01T00:00:00Z", EARLIEST],
		["2108-01-01T00:00:00Z", LATEST],
		["+275760-09-13T00:00:00Z", LATEST],
	])("clamps %s to what it can hold", (moment, fields) => {
		expect(read(dosTime(Date.parse(moment)))).toEqual(fields);
	});

	it("clamps times that no Date can hold", () => {
		expect(read(dosTime(-(2 ** 63)))).toEqual(EARLIEST);
		expect(read(dosTime(2 ** 63 * 1000))).toEqual(LATEST);
	});

	it.each(["UTC", "Pacific/Apia", "America/St_Johns", "Europe/Berlin"])(
		"is in UTC where TZ is %s",
		(name) => {
			process.env["TZ"] = name;
			expect(read(dosTime(Date.UTC(2011, 11, 30, 10, 20, 30)))).toEqual([2011, 12, 30, 10, 20, 30]);
			// A moment that does not exist in Berlin's local time.
			expect(read(dosTime(Date.UTC(2024, 2, 31, 2, 30)))).toEqual([2024, 3, 31, 2, 30, 0]);
		},
	);

	it("makes a valid date of any time", () => {
		fc.assert(
			fc.property(fc.double({ noNaN: true }), (mtimeMs) => {
				const [year = 0, month = 0, ...rest] = read(dosTime(mtimeMs));
				const [day = 0, hour = 0, minute = 0, second = 0] = rest;
				const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
				return moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day && second < 60 && hour < 24;
			}),
		);
	});
});

describe("unixSeconds (extended timestamp, 0x5455)", () => {
	it.each([
		[0, 0],
		[1999, 1],
		[-1, -1],
		[-1000.5, -2],
		[0x7fff_ffff * 1000 + 999, 0x7fff_ffff],
		[-0x8000_0000 * 1000, -0x8000_0000],
	])("rounds %d ms down", (mtimeMs, seconds) => {
		expect(unixSeconds(mtimeMs)).toBe(seconds);
	});

	it.each([0x8000_0000 * 1000, -0x8000_0000 * 1000 - 1, 2 ** 63, Number.NaN, Number.POSITIVE_INFINITY])(
		"has nothing to say about %d ms, which 32 bits cannot hold",
		(mtimeMs) => {
			expect(unixSeconds(mtimeMs)).toBeUndefined();
		},
	);
});
