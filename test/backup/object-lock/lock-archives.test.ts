import { describe, expect, it } from "vitest";
import { planPrune } from "../../../src/backup/archives/plan-prune.ts";
import { lockArchives } from "../../../src/backup/object-lock/lock-archives.ts";
import type { LockSettings } from "../../../src/backup/object-lock/plan-locks.ts";
import { RECORD_SUFFIX } from "../../../src/backup/template/own-objects.ts";
import { deleteObjects } from "../../../src/s3/objects/delete-objects.ts";
import { getObjectRetention, putObjectRetention } from "../../../src/s3/objects/object-retention.ts";
import { DAY_MS, HOUR_MS, span } from "../retention/policies.ts";
import { TEMPLATE, useLockedBucket } from "./locked-bucket.ts";

const bucket = useLockedBucket();

const DAILY: Omit<LockSettings, "now"> = {
	lock: { mode: "governance", max: undefined, intervalMs: DAY_MS },
	policy: { daily: 3, min: 1 },
	schedule: undefined,
	timeZone: "UTC",
};

async function lock(settings: Partial<LockSettings> = {}) {
	const all = { ...DAILY, now: bucket().now, ...settings };
	const archives = await bucket().archives();
	const locks = await lockArchives(bucket().connection, "locked", archives, all, { retryTimeMs: 0 });
	return locks.map(({ archive, until, before }) =>
		[archive.time, before, until].map((time) => time?.toISOString().slice(5, 10)),
	);
}

const retentionOf = (key: string) => getObjectRetention(bucket().connection, { bucket: "locked", key });
const keyAt = (time: string) => TEMPLATE.keyAt(new Date(time));

describe("lockArchives", () => {
	it("locks a new archive up to the run that drops it, and notes it in its record", async () => {
		await bucket().back("2026-05-01T03:00:00Z");
		await bucket().back("2026-05-10T03:00:00Z");
		await bucket().back("2026-05-11T03:00:00Z");
		// The oldest is kept until the third day has its archive.
		expect(await lock()).toEqual([
			["05-01", undefined, "05-12"],
			["05-10", undefined, "05-13"],
			["05-11", undefined, "05-14"],
		]);
		const key = keyAt("2026-05-11T03:00:00Z");
		const until = new Date("2026-05-14T03:00:00Z");
		expect(await retentionOf(key)).toEqual({ mode: "governance", until });
		const [, , newest] = await bucket().archives();
		expect(newest?.record?.locks).toEqual([
			{ at: "2026-05-11T03:00:00.000Z", mode: "governance", until: until.toISOString() },
		]);
		expect(newest?.lockedUntil).toEqual(until);
	});

	it("asks nothing of what is locked for long enough", async () => {
		for (const day of ["09", "10", "11"]) await bucket().back(`2026-05-${day}T03:00:00Z`);
		await lock();
		const before = bucket().requests.length;
		expect(await lock()).toEqual([]);
		const operations = bucket()
			.requests.slice(before)
			.map(({ operation }) => operation);
		expect(operations.filter((name) => name === "PutObjectRetention")).toEqual([]);
		// A run that begins some minutes late does not extend every lock by minutes.
		bucket().at("2026-05-11T03:20:00Z");
		expect(await lock()).toEqual([]);
	});

	it("extends the lock of an archive that stays for longer, as later runs have failed", async () => {
		for (const day of ["08", "09", "10"]) await bucket().back(`2026-05-${day}T03:00:00Z`);
		await lock();
		await bucket().back("2026-05-12T03:00:00Z");
		expect(await lock()).toEqual([
			["05-09", undefined, "05-13"], // its lock has just ended
			["05-10", "05-13", "05-14"],
			["05-12", undefined, "05-15"],
		]);
	});

	it("never shortens a lock, whoever has set it", async () => {
		await bucket().back("2026-05-10T03:00:00Z");
		const key = keyAt("2026-05-10T03:00:00Z");
		const until = new Date("2027-01-01T00:00:00Z");
		await putObjectRetention(bucket().connection, { bucket: "locked", key }, { mode: "compliance", until });
		expect(await lock()).toEqual([]);
		expect(await retentionOf(key)).toEqual({ mode: "compliance", until });
	});

	it("extends a lock in the mode that it has", async () => {
		await bucket().back("2026-05-10T03:00:00Z");
		const key = keyAt("2026-05-10T03:00:00Z");
		const until = new Date("2026-05-10T04:00:00Z");
		await putObjectRetention(bucket().connection, { bucket: "locked", key }, { mode: "governance", until });
		expect(await lock({ lock: { ...DAILY.lock, mode: "compliance" } })).toHaveLength(1);
		expect(await retentionOf(key)).toMatchObject({ mode: "governance" });
	});

	it("locks no archive that was not read back", async () => {
		await bucket().back("2026-05-10T03:00:00Z");
		await bucket().back("2026-05-11T03:00:00Z", { verified: false });
		expect(await lock()).toEqual([["05-10", undefined, "05-14"]]);
		expect(await retentionOf(keyAt("2026-05-11T03:00:00Z"))).toBeUndefined();
	});

	it("goes as far as it may, and goes on when a tenth of that is over", async () => {
		const settings = { lock: { ...DAILY.lock, max: span({ days: 20 }) }, policy: { daily: 90, min: 1 } };
		await bucket().back("2026-05-01T03:00:00Z");
		expect(await lock(settings)).toEqual([["05-01", undefined, "05-21"]]);
		bucket().at("2026-05-02T03:00:00Z");
		expect(await lock(settings)).toEqual([]);
		bucket().at("2026-05-03T04:00:00Z");
		expect(await lock(settings)).toEqual([["05-01", "05-21", "05-23"]]);
	});

	it("goes by the records where locks may be set and not seen", async () => {
		for (const day of ["09", "10", "11"]) await bucket().back(`2026-05-${day}T03:00:00Z`);
		await lock();
		bucket().onRequest = ({ operation }) =>
			operation === "GetObjectRetention" ? { status: 403, code: "AccessDenied", message: "no" } : undefined;
		const blind = (await bucket().archives()).map((archive) => ({ ...archive, lockedUntil: undefined }));
		const settings = { ...DAILY, now: bucket().now };
		expect(await lockArchives(bucket().connection, "locked", blind, settings)).toEqual([]);
	});

	it("fails if an archive cannot be locked, says which, and locks the others", async () => {
		for (const day of ["10", "11"]) await bucket().back(`2026-05-${day}T03:00:00Z`);
		const denied = keyAt("2026-05-10T03:00:00Z");
		bucket().onRequest = ({ operation, key }) =>
			operation === "PutObjectRetention" && key === denied
				? { status: 403, code: "AccessDenied", message: "not you" }
				: undefined;
		await expect(lock()).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringContaining(
				`s3://locked/${denied} is there and verified, but could not be locked: `,
			),
		});
		expect(await retentionOf(keyAt("2026-05-11T03:00:00Z"))).toBeDefined();
	});
});

describe("a job whose retention is the lock", () => {
	const policy = { last: 2, daily: 4, weekly: 3, monthly: 3, min: 1 };
	const schedule = { cron: "0 2,14 * * *", timeZone: "Europe/Berlin", jitterMs: 0 };
	const settings = { ...DAILY, policy, timeZone: "Europe/Berlin" };

	/** Runs the job at these times, some without success, and looks after each run whether lock and policy agree. */
	async function runAll(
		times: readonly Date[],
		fails: (index: number) => boolean,
		due: LockSettings["schedule"],
	) {
		let removedCount = 0;
		for (const [index, now] of times.entries()) {
			bucket().at(now);
			if (fails(index)) continue;
			await bucket().back(now);
			await lockArchives(bucket().connection, "locked", await bucket().archives(), {
				...settings,
				schedule: due,
				now,
			});
			const archives = await bucket().archives();
			const plan = planPrune(archives, policy, { timeZone: settings.timeZone, now });
			// Nothing is held for longer than the policy keeps it, and all that it keeps is held until the next run.
			expect(plan.locked).toEqual([]);
			for (const { archive } of plan.kept)
				expect(archive.lockedUntil?.getTime()).toBeGreaterThan(now.getTime() + HOUR_MS);
			const kept = plan.kept.map(({ archive: { key, versionId } }) => ({ key, versionId }));
			if (index % 20 === 0)
				expect(await deleteObjects(bucket().connection, "locked", kept)).toHaveLength(kept.length);
			const gone = plan.removed.flatMap(({ key, versionId }) => [
				{ key, versionId },
				{ key: key + RECORD_SUFFIX },
			]);
			expect(await deleteObjects(bucket().connection, "locked", gone)).toEqual([]);
			removedCount += plan.removed.length;
		}
		return removedCount;
	}

	/** 2 and 14 o'clock in Berlin, for some weeks around the change of the clocks. */
	const times = Array.from({ length: 60 }, (_, index) => {
		const day = Math.floor(index / 2);
		const hour = index % 2 === 0 ? 1 : 13;
		const at = new Date(Date.UTC(2026, 2, 10 + day, hour));
		// In summer an hour earlier; at 2 o'clock on 29 March the clock is put forward, which is 1 o'clock UTC.
		return at > new Date("2026-03-29T02:00:00Z") ? new Date(at.getTime() - HOUR_MS) : at;
	});

	it("holds each archive exactly as long as the policy keeps it", {
		tags: "slow",
		timeout: 240_000,
	}, async () => {
		expect(await runAll(times, () => false, schedule)).toBeGreaterThan(45);
	});

	it("does so where runs fail", { tags: "slow", timeout: 240_000 }, async () => {
		expect(await runAll(times, (index) => (index * 7919) % 10 < 3, schedule)).toBeGreaterThan(25);
	});

	it("does so with an interval instead of a schedule", { tags: "slow", timeout: 240_000 }, async () => {
		const every = Array.from(
			{ length: 60 },
			(_, index) => new Date(Date.UTC(2026, 3, 20, 2) + index * DAY_MS),
		);
		expect(await runAll(every, (index) => index % 13 === 5, undefined)).toBeGreaterThan(40);
	});
});
