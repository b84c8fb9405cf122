import { describe, expect, it } from "vitest";
import { checkValue } from "../../../src/options/resolve-options.ts";
import { type BandwidthLimit, bandwidthLimit } from "../../../src/storage/parts/bandwidth-limit.ts";

const MiB = 1024 * 1024;

function check(limit: unknown): void {
	checkValue(bandwidthLimit(), limit as BandwidthLimit, "bandwidthLimit");
}

describe("bandwidthLimit", () => {
	it.each([
		["a rate that is too low", 999, "bandwidthLimit"],
		["a rate that is none", Number.NaN, "bandwidthLimit"],
		["text", "10M", "bandwidthLimit"],
		["a timetable without times", [], "bandwidthLimit"],
		["a time of no day", [{ minuteOfDay: 1440, bytesPerSecond: MiB }], "bandwidthLimit[0].minuteOfDay"],
		["a day of no week", [{ minuteOfDay: 0, weekday: 7, bytesPerSecond: MiB }], "bandwidthLimit[0].weekday"],
		[
			"a rate of a time that is too low",
			[{ minuteOfDay: 0, bytesPerSecond: 1 }],
			"bandwidthLimit[0].bytesPerSecond",
		],
		["a time without a minute", [{ bytesPerSecond: MiB }], "bandwidthLimit[0].minuteOfDay"],
		["a misspelt name", [{ minuteOfDay: 0, weekDay: 1, bytesPerSecond: MiB }], "bandwidthLimit[0].weekDay"],
	] as const)("refuses %s", (_, limit, option) => {
		expect(() => check(limit)).toThrow(expect.objectContaining({ code: "INVALID_OPTION", option }));
	});

	it.each([
		["a rate", 1000],
		[
			"a timetable with and without days and rates",
			[
				{ minuteOfDay: 0, bytesPerSecond: undefined },
				{ minuteOfDay: 1439, weekday: 6, bytesPerSecond: MiB },
			],
		],
	] as const)("takes %s", (_, limit) => {
		expect(() => check(limit)).not.toThrow();
	});
});
