import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackupJob } from "../../../src/backup/job.ts";
import { openParts } from "../../../src/backup/run/real-parts.ts";
import { runBackup } from "../../../src/backup/run/run-backup.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { keptByBruteForce } from "../retention/brute-force.ts";
import { plainJob, WORDS } from "./fake-parts.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1, 2, 30);

const directory = useTempDirectory();
/** Of the program: all its runs have it. */
const stop = new AbortController();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());

function nightly(over: Partial<BackupJob> = {}): BackupJob {
	const { endpoint, region, accessKeyId, secretAccessKey } = server.s3;
	return plainJob({
		name: "nightly",
		sources: [{ path: directory.path("src") }],
		template: parseKeyTemplate(`s3://${BUCKET}/nightly/%Y-%m-%d.zip`),
		upload: { endpoint, region, credentials: { accessKeyId, secretAccessKey } },
		keep: { daily: 7, weekly: 3, monthly: 2, min: 1 },
		lease: true,
		...over,
	});
}

function runOn(day: number, job: BackupJob) {
	const now = () => new Date(START + day * DAY);
	return runBackup(job, { words: WORDS, parts: openParts, now, signal: stop.signal });
}

async function archives(): Promise<string[]> {
	return (await server.keys()).filter((key) => /^nightly\/.*\.zip$/.test(key));
}

describe("30 runs on 30 days", () => {
	it("leave just what the rules keep, also where some of them fail", { timeout: 120_000 }, async () => {
		const warnings: Error[] = [];
		const onWarning = (warning: Error) => warnings.push(warning);
		process.on("warning", onWarning);
		await directory.write({ "src/a.txt": "alpha" });
		await server.put("nightly/notes.txt", "mine");
		const failing = new Set([9, 10, 23]);
		for (let day = 0; day < 30; day++) {
			const before = await archives();
			const broken = { sources: [{ name: "db.sql", command: ["false"] as const }] };
			const report = await runOn(day, nightly(failing.has(day) ? broken : {}));
			expect(report.exitCode).toBe(failing.has(day) ? 4 : 0);
			if (failing.has(day)) expect(await archives()).toEqual(before);
		}
		process.off("warning", onWarning);
		expect(warnings).toEqual([]);
		// January 2026: Sundays end the weeks. The 25th, the 18th and the 30th stand for the last three weeks with any.
		expect(await archives()).toEqual([
			"nightly/2026-01-01.zip",
			"nightly/2026-01-18.zip",
			"nightly/2026-01-23.zip",
			"nightly/2026-01-25.zip",
			"nightly/2026-01-26.zip",
			"nightly/2026-01-27.zip",
			"nightly/2026-01-28.zip",
			"nightly/2026-01-29.zip",
			"nightly/2026-01-30.zip",
		]);
		const records = (await server.keys()).filter((key) => key.endsWith(".record.json"));
		expect(records).toEqual((await archives()).map((key) => `${key}.record.json`));
		expect(await server.keys()).toContain("nightly/notes.txt");
		expect(await server.incompleteUploads()).toEqual([]);
		expect(await zipNames((await server.get("nightly/2026-01-30.zip")).bytes)).toEqual(["a.txt"]);
	});
});

describe("360 runs, one each hour", { tags: "slow" }, () => {
	it("leave after each what a model by brute force leaves", { timeout: 900_000 }, async () => {
		await directory.write({ "src/a.txt": "alpha" });
		const template = parseKeyTemplate(`s3://${BUCKET}/hourly/%Y-%m-%dT%H.zip`);
		const keep = { last: 2, hourly: 5, daily: 4, weekly: 2, min: 1 };
		const job = nightly({ name: "hourly", template, keep });
		let expected: readonly Date[] = [];
		let removedCount = 0;
		for (let run = 0; run < 360; run++) {
			const at = new Date(START + (run * DAY) / 24);
			const report = await runOn(run / 24, job);
			expect(report.exitCode).toBe(0);
			removedCount += report.retention?.removedCount ?? 0;
			const among = [...expected, new Date(template.timeOf(template.keyAt(at)) ?? at)];
			const kept = keptByBruteForce(among, keep, { timeZone: "UTC", now: at });
			expected = among.filter((time) => kept.has(time));
			const keys = (await server.keys()).filter((key) => key.startsWith("hourly/2"));
			expect(keys).toEqual(
				expected.flatMap((time) => [template.keyAt(time), `${template.keyAt(time)}.record.json`]),
			);
		}
		expect(removedCount).toBe(360 - expected.length);
		// Five hours of the 15th and 16th, the two days before, and the 11th, which ends the second week.
		expect(expected).toHaveLength(8);
		expect(await server.incompleteUploads()).toEqual([]);
	});
});
