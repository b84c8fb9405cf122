import { describe, expect, it } from "vitest";
import { parseBandwidth } from "../../../src/storage/parts/bandwidth-limit.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

const parse = (text: string) => parseBandwidth("--bwlimit", text);

describe("parseBandwidth", () => {
	it("reads one rate, as other sizes are read", () => {
		expect(parse("10M")).toBe(10 * MiB);
		expect(parse("512k")).toBe(512 * KiB);
		expect(parse("1.5MiB")).toBe(1.5 * MiB);
		expect(parse("1000")).toBe(1000);
		expect(parse("off")).toBeUndefined();
	});

	it("reads a timetable", () => {
		expect(parse("08:00,512k 19:00,10M 23:00,off")).toEqual([
			{ weekday: undefined, minuteOfDay: 480, bytesPerSecond: 512 * KiB },
			{ weekday: undefined, minuteOfDay: 1140, bytesPerSecond: 10 * MiB },
			{ weekday: undefined, minuteOfDay: 1380, bytesPerSecond: undefined },
		]);
		expect(parse("8:00,off Sat-00:30,1M")).toMatchObject([{}, { weekday: 6, minuteOfDay: 30 }]);
	});

	it.each(["", "fast", "10M:1M", "10Q", "25:00,1M", "08:60,1M", "Xxx-08:00,1M", "08:00", "1M 2M"])(
		"refuses %j",
		(text) => {
			const message = /^--bwlimit is bytes per second such as 10M or 512k.*, not /;
			expect(() => parse(text)).toThrow(message);
			expect(() => parse(text)).toThrow(`not "${text}"`);
		},
	);

	it.each(["10", "08:00,10 23:00,off"])("refuses a plain number that was meant as MiB: %j", (text) => {
		expect(() => parse(text)).toThrow('--bwlimit "10" is 10 bytes, less than 1000 bytes; 10M is 10 MiB');
	});
});
