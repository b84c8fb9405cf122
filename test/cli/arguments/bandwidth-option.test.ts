import { describe, expect, it } from "vitest";
import { parseBandwidth } from "../../../src/cli/arguments/bandwidth-option.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

describe("parseBandwidth", () => {
	it("reads one rate, in binary units", () => {
		expect(parseBandwidth("10M")).toBe(10 * MiB);
		expect(parseBandwidth("512k")).toBe(512 * KiB);
		expect(parseBandwidth("1.5MiB")).toBe(1.5 * MiB);
		expect(parseBandwidth("off")).toBeUndefined();
	});

	it("reads a timetable", () => {
		expect(parseBandwidth("08:00,512k 19:00,10M 23:00,off")).toEqual([
			{ weekday: undefined, minuteOfDay: 480, bytesPerSecond: 512 * KiB },
			{ weekday: undefined, minuteOfDay: 1140, bytesPerSecond: 10 * MiB },
			{ weekday: undefined, minuteOfDay: 1380, bytesPerSecond: undefined },
		]);
		expect(parseBandwidth("8:00,off Sat-00:30,1M")).toMatchObject([{}, { weekday: 6, minuteOfDay: 30 }]);
	});

	it.each(["", "10", "fast", "10M:1M", "25:00,1M", "08:60,1M", "08:00,10", "Xxx-08:00,1M", "08:00", "1M 2M"])(
		"refuses %j",
		(text) => {
			expect(() => parseBandwidth(text)).toThrow(/^--bwlimit is bytes per second such as 10M or 512k/);
		},
	);
});
