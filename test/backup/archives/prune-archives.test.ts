import { describe, expect, it } from "vitest";
import type { FaultRequest } from "../../../localstack/strict-s3/faults.ts";
import { listArchives, surveyArchives } from "../../../src/backup/archives/list-archives.ts";
import { planPrune } from "../../../src/backup/archives/plan-prune.ts";
import { pruneArchives, pruneRecords } from "../../../src/backup/archives/prune-archives.ts";
import { PruneError } from "../../../src/backup/archives/prune-error.ts";
import { updateRecord } from "../../../src/backup/archives/record.ts";
import { RECORD_SUFFIX } from "../../../src/backup/template/own-objects.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { TEMPLATE, useArchiveBucket } from "./archive-bucket.ts";

let denied: (request: FaultRequest) => boolean = () => false;
const bucket = useArchiveBucket(() => {
	denied = () => false;
	return {
		onRequest: (request) =>
			denied(request) ? { status: 403, code: "AccessDenied", message: "not you" } : undefined,
	};
});

const day = (number: number) => `2026-11-${String(number).padStart(2, "0")}T03:00:00Z`;
const NOW = new Date(day(29));
const list = () => listArchives(bucket().connection, TEMPLATE);
const prune = async (last: number, options: Parameters<typeof pruneArchives>[4] = {}) => {
	const { removed } = planPrune(await list(), { last, min: 1 }, { timeZone: "UTC", now: NOW });
	return pruneArchives(bucket().connection, TEMPLATE, removed, NOW, { retryTimeMs: 0, ...options });
};

describe("removing archives", () => {
	it("removes them and their records, the oldest first, and nothing else", async () => {
		for (const number of [1, 2, 3, 4]) await bucket().addVerified(day(number));
		const others = ["job/notes.txt", "job/2026-10-01T03-00-00Z.zip", "job/2026-10-01T03-00-00Z.zip.bak"];
		for (const key of others) await bucket().server.put(key, "not ours");
		const told: string[] = [];
		const outcome = await prune(2, { onRemoved: ({ key }) => told.push(key) });
		expect(outcome).toMatchObject({ spared: [], keepsVersions: false });
		expect(outcome.removed.map(({ key }) => key)).toEqual(told);
		expect(told).toEqual(["job/2026-11-01T03-00-00Z.zip", "job/2026-11-02T03-00-00Z.zip"]);
		const left = [3, 4].map((number) => TEMPLATE.keyAt(new Date(day(number))));
		const records = left.map((key) => key + RECORD_SUFFIX);
		expect(await bucket().server.keys()).toEqual([...left, ...records, ...others].sort());
	});

	it("leaves an object alone that has replaced an archive meanwhile", async () => {
		for (const number of [1, 2, 3]) await bucket().addVerified(day(number));
		const beforeDelete = async () => {
			await bucket().add(day(1), { bytes: Buffer.from("another") });
		};
		const { removed, spared } = await prune(1, { beforeDelete });
		expect(removed).toMatchObject([{ key: "job/2026-11-02T03-00-00Z.zip" }]);
		expect(spared).toMatchObject([{ key: "job/2026-11-01T03-00-00Z.zip" }]);
		expect(await list()).toMatchObject([{ size: 7 }, { key: "job/2026-11-03T03-00-00Z.zip" }]);
	});

	it("takes one that somebody else has removed for removed", async () => {
		for (const number of [1, 2]) await bucket().addVerified(day(number));
		const [oldest] = await list();
		await pruneArchives(bucket().connection, TEMPLATE, oldest === undefined ? [] : [oldest], NOW);
		const outcome = await pruneArchives(
			bucket().connection,
			TEMPLATE,
			oldest === undefined ? [] : [oldest],
			NOW,
		);
		expect(outcome.removed).toHaveLength(1);
		expect(await list()).toHaveLength(1);
	});

	it("removes nothing if the job is not ours any more", async () => {
		for (const number of [1, 2]) await bucket().addVerified(day(number));
		const lost = new Error("the lease is lost");
		await expect(prune(1, { beforeDelete: () => Promise.reject(lost) })).rejects.toBe(lost);
		expect(await list()).toHaveLength(2);
	});

	it("fails with what could not be removed, and what was", async () => {
		for (const number of [1, 2, 3]) await bucket().addVerified(day(number));
		denied = ({ operation, key }) =>
			operation === "DeleteObjects" ||
			(operation === "DeleteObject" && key === "job/2026-11-02T03-00-00Z.zip");
		const failure = await prune(1).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(PruneError);
		expect(failure).toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringMatching(
				/^1 object could not be removed, s3:\/\/demo\/job\/2026-11-02T03-00-00Z\.zip among them: .*AccessDenied.*; 1 archive removed before$/,
			),
			failures: [{ key: "job/2026-11-02T03-00-00Z.zip" }],
			outcome: { removed: [{ key: "job/2026-11-01T03-00-00Z.zip" }] },
		});
		expect(await bucket().server.keys()).toEqual([
			...["job/2026-11-02T03-00-00Z.zip", "job/2026-11-02T03-00-00Z.zip.record.json"],
			...["job/2026-11-03T03-00-00Z.zip", "job/2026-11-03T03-00-00Z.zip.record.json"],
		]);
	});

	it("fails if an archive cannot be looked at again, and removes nothing of that batch", async () => {
		for (const number of [1, 2]) await bucket().addVerified(day(number));
		const archives = await list();
		denied = ({ operation }) => operation === "HeadObject";
		const removing = pruneArchives(bucket().connection, TEMPLATE, archives, NOW, { retryTimeMs: 0 });
		await expect(removing).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
		denied = () => false;
		expect(await list()).toHaveLength(2);
	});

	it("removes the records of archives that are gone, and no record of one that is there", async () => {
		const there = await bucket().addVerified(day(1));
		const gone = { key: TEMPLATE.keyAt(new Date(day(2))), etag: "abc", versionId: undefined };
		await updateRecord(bucket().connection, BUCKET, gone, (record) => record);
		const { recordsOfGone } = await surveyArchives(bucket().connection, TEMPLATE);
		const count = await pruneRecords(bucket().connection, BUCKET, [...recordsOfGone, there.key]);
		expect(count).toBe(1);
		expect(await bucket().server.keys()).toEqual([there.key, there.key + RECORD_SUFFIX]);
	});
});

it("keeps exactly what a policy says of 500 runs", { tags: "slow", timeout: 120_000 }, async () => {
	const now = new Date("2026-11-26T12:00:00Z");
	const times = Array.from(
		{ length: 500 },
		(_, index) => new Date(now.getTime() - (index + 1) * 6 * 3_600_000),
	);
	const policy = { last: 3, daily: 7, weekly: 4, monthly: 12, min: 1 };
	for (let start = 0; start < times.length; start += 20)
		await Promise.all(times.slice(start, start + 20).map((time) => bucket().addVerified(time)));
	const archives = await list();
	expect(archives).toHaveLength(500);
	const { kept, removed } = planPrune(archives, policy, { timeZone: "UTC", now });
	expect(kept.length).toBeLessThan(30);
	let batchCount = 0;
	const beforeDelete = async () => {
		batchCount++;
	};
	const outcome = await pruneArchives(bucket().connection, TEMPLATE, removed, now, { beforeDelete });
	expect(outcome.removed).toHaveLength(removed.length);
	expect(batchCount).toBe(Math.ceil(removed.length / 100));
	const left = kept.map(({ archive }) => archive.key);
	expect(await bucket().server.keys()).toEqual([...left, ...left.map((key) => key + RECORD_SUFFIX)].sort());
	const again = planPrune(await list(), policy, { timeZone: "UTC", now });
	expect(again.removed).toEqual([]);
});
