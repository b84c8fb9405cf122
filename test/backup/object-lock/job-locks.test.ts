import { describe, expect, it } from "vitest";
import {
	checkJobLocks,
	type LockingJob,
	lockJobArchives,
} from "../../../src/backup/object-lock/job-locks.ts";
import { PLAIN_TEMPLATE, TEMPLATE, useLockedBucket } from "./locked-bucket.ts";

const bucket = useLockedBucket();

const job: LockingJob = {
	name: "job",
	template: TEMPLATE,
	keep: { daily: 3, min: 1 },
	objectLock: { mode: "governance", max: undefined, intervalMs: undefined },
	schedule: { cron: "0 4 * * *", timeZone: "UTC", jitterMs: 0 },
};

describe("the locks of a job", () => {
	it("go by its schedule", async () => {
		await bucket().back("2026-05-10T03:00:00Z");
		await bucket().back("2026-05-11T03:00:00Z");
		const { connection, now } = bucket();
		const locks = await lockJobArchives(connection, job, now);
		// The next run is the same day, and its archive will stand for it.
		expect(locks.map(({ until }) => until.toISOString())).toEqual([
			"2026-05-13T04:00:00.000Z",
			"2026-05-11T04:00:00.000Z",
		]);
	});

	it("are none without the setting, and ask nothing then", async () => {
		await bucket().back("2026-05-10T03:00:00Z");
		const { connection, now, requests } = bucket();
		const before = requests.length;
		const without = { ...job, objectLock: undefined };
		expect(await lockJobArchives(connection, without, now)).toEqual([]);
		expect(await checkJobLocks(connection, { ...without, template: PLAIN_TEMPLATE }, now)).toEqual([]);
		expect(requests).toHaveLength(before);
	});

	it("are refused before anything is uploaded if the bucket cannot have them, or they have no date", async () => {
		const { connection, now } = bucket();
		expect(await checkJobLocks(connection, job, now)).toEqual([]);
		await expect(checkJobLocks(connection, { ...job, template: PLAIN_TEMPLATE }, now)).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
		});
		await expect(checkJobLocks(connection, { ...job, keep: undefined }, now)).rejects.toMatchObject({
			code: "INVALID_OPTION",
		});
	});
});
