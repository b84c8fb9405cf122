import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyKeepPolicy } from "../../../src/backup/retention/apply-policy.ts";
import { formatCalendarSpan } from "../../../src/backup/retention/calendar-span.ts";
import type { CalendarSpan, KeepPolicy } from "../../../src/backup/retention/keep-policy.ts";
import { Program } from "../../support/program.ts";
import { DAY_MS, every, HOUR_MS, span } from "./policies.ts";

/** Snapshots of one host, made and forgotten by a restic in that time zone. */
const HOSTS: Readonly<Record<string, readonly Date[]>> = {
	"Europe/Berlin": [
		...every(3 * DAY_MS, "2023-12-28T03:00Z", 60),
		...every(DAY_MS / 2, "2025-03-01T10:30Z", 30),
		...every(HOUR_MS / 2, "2025-03-29T22:10Z", 20), // the clock is put forward
	],
	"America/New_York": [
		...every(5 * DAY_MS, "2024-08-01T04:30Z", 18),
		...every(HOUR_MS, "2024-11-02T20:45Z", 22), // and back
	],
	// Some are from the future.
	UTC: [...every(9 * DAY_MS, "2024-12-01T12:00Z", 40), ...every(DAY_MS, "2199-05-05T05:00Z", 10)],
};

const POLICIES: readonly Omit<KeepPolicy, "min">[] = [
	{ last: 7 },
	{ hourly: 24 },
	{ daily: 9 },
	{ weekly: 60 },
	{ monthly: 5 },
	{ yearly: 1 },
	{ yearly: 10 },
	{ within: span({ months: 1 }) },
	{ within: span({ years: 1, months: 2, days: 3, hours: 4 }) },
	{ withinHourly: span({ hours: 30 }), withinDaily: span({ days: 12 }) },
	{ withinWeekly: span({ months: 3 }), withinMonthly: span({ years: 1 }), withinYearly: span({ years: 5 }) },
	{ last: 3, hourly: 5, daily: 7, weekly: 4, monthly: 12, yearly: 3, within: span({ days: 2 }) },
];

/** What older versions of restic do in another way than the newest, which is the one we follow. */
const DIFFERENCES = [
	{
		before: [0, 16],
		what: "a number that is not used up does not keep the oldest snapshot",
		isDifferent: (reason: string) => reason.startsWith("oldest "),
	},
] as const;

const version = versionOf(spawnSync("restic", ["version"], { encoding: "utf8" }).stdout ?? "");
const title = version === undefined ? "is not tried: restic is not installed" : "keeps what restic keeps";

describe.skipIf(version === undefined)(`applyKeepPolicy ${title}`, { tags: "slow" }, () => {
	let directory = "";

	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "zipferry-restic-"));
		await writeFile(join(directory, "file"), "the same every time");
		await restic(["init"]);
		const limit = pLimit(3);
		await Promise.all(
			Object.entries(HOSTS).flatMap(([timeZone, times]) =>
				times.map((time) => limit(() => restic(backup(timeZone, time), timeZone))),
			),
		);
	}, 600_000);
	afterAll(() => rm(directory, { recursive: true, force: true }));

	async function restic(args: readonly string[], timeZone = "UTC"): Promise<string> {
		const env = { RESTIC_PASSWORD: "x", RESTIC_REPOSITORY: "repository", TZ: timeZone };
		const program = new Program("restic", ["--no-cache", ...args], { env, cwd: directory });
		const { exitCode, stdout, stderr } = await program.ended;
		if (exitCode !== 0) throw new Error(`restic ${args.join(" ")}: ${stderr}`);
		return stdout;
	}

	const cases = POLICIES.flatMap((policy) =>
		Object.keys(HOSTS).map((timeZone) => ({ timeZone, flags: flagsOf(policy).join(" "), policy })),
	);
	test.each(cases)("$timeZone: $flags", async ({ timeZone, flags, policy }) => {
		const command = ["forget", "--dry-run", "--json", "--host", hostOf(timeZone), ...flags.split(" ")];
		const [group] = JSON.parse(await restic(command, timeZone)) as readonly [Forgotten];
		const theirs = new Map(
			group.reasons.map(({ snapshot, matches }) => [
				new Date(snapshot.time).toISOString(),
				matches.map((reason) => reason.replace(" snapshot", "")),
			]),
		);
		const snapshots = [...group.keep, ...(group.remove ?? [])].map(({ time }) => ({ time: new Date(time) }));
		expect(snapshots).toHaveLength(HOSTS[timeZone]?.length ?? 0);
		const { kept } = applyKeepPolicy(snapshots, { ...policy, min: 1 }, { timeZone, now: new Date() });
		expect(new Map(asInVersion(kept))).toEqual(theirs);
	});
});

interface Snapshot {
	readonly time: string;
}

interface Forgotten {
	readonly keep: readonly Snapshot[];
	readonly remove: readonly Snapshot[] | null;
	readonly reasons: readonly { readonly snapshot: Snapshot; readonly matches: readonly string[] }[];
}

/** What this version would keep and why, without what we keep besides. */
function asInVersion(
	kept: readonly { readonly archive: { readonly time: Date }; readonly rules: readonly string[] }[],
): [string, string[]][] {
	const differences = DIFFERENCES.filter(({ before }) => isBefore(before));
	return kept.flatMap(({ archive, rules }): [string, string[]][] => {
		const reasons = rules.filter(
			(rule) => rule !== "newest" && !differences.some(({ isDifferent }) => isDifferent(rule)),
		);
		return reasons.length === 0 ? [] : [[archive.time.toISOString(), reasons]];
	});
}

function backup(timeZone: string, time: Date): string[] {
	const wall = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
	return ["backup", "--quiet", "--host", hostOf(timeZone), "--time", wall.format(time), "file"];
}

function hostOf(timeZone: string): string {
	return timeZone.replace("/", "-");
}

function flagsOf(policy: Omit<KeepPolicy, "min">): string[] {
	return Object.entries(policy).flatMap(([name, value]: [string, number | CalendarSpan | undefined]) => {
		const flag = `--keep-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
		if (value === undefined) return [];
		return [flag, typeof value === "number" ? String(value) : formatCalendarSpan(value)];
	});
}

function versionOf(text: string): readonly [number, number] | undefined {
	const [, major, minor] = /^restic (\d+)\.(\d+)/.exec(text) ?? [];
	return major === undefined ? undefined : [Number(major), Number(minor)];
}

function isBefore([major, minor]: readonly [number, number]): boolean {
	const [theirMajor, theirMinor] = version ?? [0, 0];
	return theirMajor < major || (theirMajor === major && theirMinor < minor);
}
