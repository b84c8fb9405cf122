import { describe, expect, it } from "vitest";
import { checkLockSettings, checkLocks } from "../../../src/backup/object-lock/check-locks.ts";
import { putObjectRetention } from "../../../src/s3/objects/object-retention.ts";
import { DAY_MS, span } from "../retention/policies.ts";
import { PLAIN_TEMPLATE, TEMPLATE, useLockedBucket } from "./locked-bucket.ts";

const GIVEN = {
	lock: { mode: "governance", max: undefined, intervalMs: DAY_MS },
	policy: { daily: 7, min: 1 },
	schedule: undefined,
	timeZone: "UTC",
	now: new Date("2026-06-01T00:00:00Z"),
} as const;

describe("checkLockSettings", () => {
	it("takes rules that let go of archives some day", () => {
		expect(checkLockSettings(GIVEN)).toEqual(GIVEN);
		const schedule = { cron: "0 3 * * *", timeZone: "UTC", jitterMs: 0 };
		checkLockSettings({ ...GIVEN, lock: { ...GIVEN.lock, intervalMs: undefined }, schedule });
	});

	it("refuses rules that keep an archive for ever, unless a longest time ends its lock", () => {
		const policy = { daily: 7, monthly: -1, min: 1 };
		expect(() => checkLockSettings({ ...GIVEN, policy })).toThrow("Object Lock needs a longest time");
		checkLockSettings({ ...GIVEN, policy, lock: { ...GIVEN.lock, max: span({ years: 1 }) } });
	});

	it("refuses to guess how long an archive is kept, or when the next run is", () => {
		expect(() => checkLockSettings({ ...GIVEN, policy: undefined })).toThrow("Object Lock needs rules");
		const lock = { ...GIVEN.lock, intervalMs: undefined };
		expect(() => checkLockSettings({ ...GIVEN, lock })).toThrow("needs the time between two runs");
	});
});

describe("checkLocks", () => {
	const bucket = useLockedBucket();
	const check = (mode: "governance" | "compliance", template = TEMPLATE) =>
		checkLocks(bucket().connection, template, { ...GIVEN.lock, mode });

	it("refuses a bucket without Object Lock before anything is sent there", async () => {
		await expect(check("governance", PLAIN_TEMPLATE)).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringContaining("s3://plain has no Object Lock"),
		});
	});

	it("goes on where it may not ask, as the lock itself may be permitted", async () => {
		bucket().onRequest = () => ({ status: 403, code: "AccessDenied", message: "not you" });
		expect(await check("governance", PLAIN_TEMPLATE)).toEqual([]);
	});

	it("warns of the first locks in compliance mode, and only of these", async () => {
		expect(await check("governance")).toEqual([]);
		expect(await check("compliance")).toMatchObject([{ code: "FIRST_COMPLIANCE_LOCK" }]);
		await bucket().back("2026-05-10T03:00:00Z");
		expect(await check("compliance")).toMatchObject([{ code: "FIRST_COMPLIANCE_LOCK" }]);
		const address = { bucket: "locked", key: TEMPLATE.keyAt(bucket().now) };
		const until = new Date("2026-06-10T03:00:00Z");
		await putObjectRetention(bucket().connection, address, { mode: "compliance", until });
		expect(await check("compliance")).toEqual([]);
	});
});
