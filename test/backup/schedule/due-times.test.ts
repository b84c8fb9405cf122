import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueBetween, nextDue } from "../../../src/backup/schedule/due-times.ts";
import { InvalidOptionError } from "../../../src/errors.ts";
import { clockModel } from "./clock-model.ts";

const schedule = (cron: string, timeZone = "UTC") => ({ cron, timeZone, jitterMs: 0 });

/** Due times of some hours as ISO 8601 has them, without the seconds. */
function due(cron: string, timeZone: string, from: string, to: string): string[] {
	const times = dueBetween(schedule(cron, timeZone), new Date(from), new Date(to));
	return times.map((time) => time.toISOString().slice(5, 16));
}

describe("a fixed hour", () => {
	it.each([
		["30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", ["03-29T01:00", "03-30T00:30"]],
		[
			"*/15 2 * * *",
			"Europe/Berlin",
			"2026-03-28T12:00Z",
			["03-29T01:00", "03-30T00:00", "03-30T00:15", "03-30T00:30", "03-30T00:45"],
		],
		["0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00Z", ["03-29T01:00", "03-30T00:00", "03-30T01:00"]],
		["30 2 * * *", "America/New_York", "2026-03-08T00:00Z", ["03-08T07:00", "03-09T06:30"]],
		["15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", ["10-03T15:30", "10-04T15:15"]],
		["45 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", ["10-03T15:45", "10-04T15:45"]],
		["30 0 * * *", "Africa/Cairo", "2026-04-23T12:00Z", ["04-23T22:00", "04-24T21:30"]],
	])("that clocks leave out is due when they are put forward: %s in %s", (cron, zone, from, times) => {
		const to = new Date(Date.parse(from) + 40 * 3_600_000).toISOString();
		expect(due(cron, zone, from, to)).toEqual(times);
	});

	it.each([
		["30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", ["10-25T00:30", "10-26T01:30"]],
		[
			"*/30 2 * * *",
			"Europe/Berlin",
			"2026-10-24T12:00Z",
			["10-25T00:00", "10-25T00:30", "10-26T01:00", "10-26T01:30"],
		],
		["30 1 * * *", "America/New_York", "2026-11-01T00:00Z", ["11-01T05:30", "11-02T06:30"]],
		["45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00Z", ["04-04T14:45", "04-05T15:15"]],
	])("that comes twice is due the first time: %s in %s", (cron, zone, from, times) => {
		const to = new Date(Date.parse(from) + 40 * 3_600_000).toISOString();
		expect(due(cron, zone, from, to)).toEqual(times);
	});

	it("is not due again for somebody who asks in between", () => {
		const berlin = schedule("30 2 * * *", "Europe/Berlin");
		for (const asked of [
			"2026-10-25T00:30:00.000Z",
			"2026-10-25T00:59:59.999Z",
			"2026-10-25T01:00Z",
			"2026-10-25T01:29Z",
		])
			expect(nextDue(berlin, new Date(asked))).toEqual(new Date("2026-10-26T01:30Z"));
		expect(nextDue(berlin, new Date("2026-10-25T00:29:59.999Z"))).toEqual(new Date("2026-10-25T00:30Z"));
	});
});

describe("every hour", () => {
	it.each([
		["30 * * * *", "Europe/Berlin", "2026-03-29T00:00Z", ["03-29T00:30", "03-29T01:30", "03-29T02:30"]],
		["30 * * * *", "Europe/Berlin", "2026-10-24T23:45Z", ["10-25T00:30", "10-25T01:30", "10-25T02:30"]],
		["0 * * * *", "Europe/Berlin", "2026-10-25T00:30Z", ["10-25T01:00", "10-25T02:00", "10-25T03:00"]],
		["0 */2 * * *", "Europe/Berlin", "2026-10-24T21:00Z", ["10-24T22:00", "10-25T00:00"]],
		[
			"45 * * * *",
			"Australia/Lord_Howe",
			"2026-04-04T14:00Z",
			["04-04T14:45", "04-04T15:15", "04-04T16:15", "04-04T17:15"],
		],
		["@hourly", "America/New_York", "2026-11-01T04:30Z", ["11-01T05:00", "11-01T06:00", "11-01T07:00"]],
	])("follows elapsed time: %s in %s", (cron, zone, from, times) => {
		const to = new Date(Date.parse(from) + 195 * 60_000).toISOString();
		expect(due(cron, zone, from, to)).toEqual(times);
	});
});

const ZONES = [
	"Europe/Berlin",
	"America/New_York",
	"Australia/Lord_Howe",
	"Africa/Cairo",
	"Pacific/Chatham",
	"UTC",
];

/** Weeks with changes of clocks, and an ordinary one. */
const WEEKS = [
	"2026-03-06",
	"2026-03-27",
	"2026-04-02",
	"2026-04-22",
	"2026-09-25",
	"2026-10-02",
	"2026-10-23",
	"2026-10-30",
	"2026-06-10",
];

const hours = fc.oneof(
	fc.integer({ min: 0, max: 23 }).map(String),
	fc.constantFrom("*", "*/2", "*/5", "1,2,3", "0-3", "2", "1", "0", "1-23/2"),
);
const minutes = fc.constantFrom("0", "30", "15", "45", "*/10", "0,30", "5-20/5", "59");
const days = fc.constantFrom("* * *", "* * 0", "* * 1-5", "29 3 *", "25,29 * *", "1 * 0", "*/2 * *");

const crons = fc.tuple(minutes, hours, days).map((fields) => fields.join(" "));

const minuteOf = (week: string, minute: number) => new Date(Date.parse(week) + minute * 60_000);

describe("due times", () => {
	it("are those of somebody who looks at the clock every minute, whatever the zone and the week", {
		tags: "slow",
	}, () => {
		fc.assert(
			fc.property(crons, fc.constantFrom(...ZONES), fc.constantFrom(...WEEKS), (cron, zone, week) => {
				const [from, to] = [minuteOf(week, 0), minuteOf(week, 4 * 1440)];
				expect(dueBetween(schedule(cron, zone), from, to)).toEqual(
					clockModel(cron, zone).dueBetween(from, to),
				);
			}),
			{ numRuns: 60 },
		);
	});

	it.each([
		["30 2 * * *", "Europe/Berlin", "2026-03-27"],
		["*/10 1-3 * * *", "Europe/Berlin", "2026-10-23"],
		["0 */2 * * *", "America/New_York", "2026-10-30"],
		["15,45 1,2 * * *", "Australia/Lord_Howe", "2026-04-02"],
		["15,45 * * * *", "Australia/Lord_Howe", "2026-10-02"],
	])("are those of somebody who looks at the clock every minute: %s in %s from %s", (cron, zone, week) => {
		const [from, to] = [minuteOf(week, 0), minuteOf(week, 4 * 1440)];
		const times = dueBetween(schedule(cron, zone), from, to);
		expect(times.length).toBeGreaterThan(2);
		expect(times).toEqual(clockModel(cron, zone).dueBetween(from, to));
	});

	it("are the same however often somebody asks in between", () => {
		fc.assert(
			fc.property(
				crons,
				fc.constantFrom(...ZONES),
				fc.constantFrom(...WEEKS),
				fc.array(fc.integer({ min: 0, max: 4 * 86_400_000 }), { maxLength: 8 }),
				(cron, zone, week, cuts) => {
					const job = schedule(cron, zone);
					const [from, to] = [minuteOf(week, 0), minuteOf(week, 4 * 1440)];
					const edges = [from, ...cuts.sort((a, b) => a - b).map((ms) => new Date(from.getTime() + ms)), to];
					const pieces = edges.slice(1).flatMap((edge, index) => dueBetween(job, edges[index] ?? from, edge));
					expect(pieces).toEqual(dueBetween(job, from, to));
				},
			),
			{ numRuns: 100 },
		);
	});

	it("have six fields with seconds in front, names of days, and leap days", () => {
		const times = (cron: string, from: string) => nextDue(schedule(cron), new Date(from))?.toISOString();
		expect(times("*/20 * * * * *", "2026-01-01T00:00:05Z")).toBe("2026-01-01T00:00:20.000Z");
		expect(times("30 0 3 * * MON", "2026-01-01T00:00Z")).toBe("2026-01-05T03:00:30.000Z");
		expect(times("0 0 29 2 *", "2026-01-01T00:00Z")).toBe("2028-02-29T00:00:00.000Z");
		expect(times("@daily", "2026-01-01T00:00Z")).toBe("2026-01-02T00:00:00.000Z");
		expect(times("0 0 * * 7", "2026-01-01T00:00Z")).toBe("2026-01-04T00:00:00.000Z");
	});

	it.each([
		["0 2 * *", "of five fields"],
		["0 24 * * *", "Invalid value for hour"],
		["", "is empty"],
		["0 2 * * * 2027 1", "of five fields"],
		["every day", "of five fields"],
		["0 0 30 2 *", "names a day that never comes"],
	])("are refused for %j", (cron, message) => {
		expect(() => nextDue(schedule(cron), new Date())).toThrow(InvalidOptionError);
		expect(() => nextDue(schedule(cron), new Date())).toThrow(message);
	});
});
