import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HeldLease } from "../../../src/backup/lock/held-lease.ts";
import { type LeaseOptions, takeLease } from "../../../src/backup/lock/lease.ts";
import { leaseAddress } from "../../../src/backup/lock/lease-store.ts";
import { LockedError } from "../../../src/backup/lock/locked-error.ts";
import type { KeyTemplate } from "../../../src/backup/template/key-template.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { deleteObjects } from "../../../src/s3/objects/delete-objects.ts";
import { type ProviderName, providerByName } from "../../../src/s3/providers.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { contractServer } from "../../s3/servers.ts";

const server = await contractServer();
afterAll(() => server.stop());

describe.each<ProviderName>(["generic", "ceph"])(`a lease on ${server.name}, as provider %s`, (provider) => {
	let store: ContractBucket;
	let connection: Connection;
	beforeAll(async () => {
		store = await ContractBucket.create(server);
		const { client } = store;
		const { endpoint } = server;
		connection = { client, patient: client, provider: providerByName(provider), endpoint, close() {} };
	});
	afterAll(() => store.destroy());

	const newTemplate = (): KeyTemplate => {
		const prefix = `jobs/${randomUUID()}/`;
		const text = `s3://${store.name}/${prefix}%Y.zip`;
		return {
			...{ bucket: store.name, text, timeZone: "UTC", host: "db1", prefix },
			keyAt: (time) => `${prefix}${time.getUTCFullYear()}.zip`,
			timeOf: () => undefined,
		};
	};
	const take = async (template: KeyTemplate, options: Partial<LeaseOptions> = {}): Promise<HeldLease> => {
		const lease = await takeLease(connection, template, { waitMs: 0, ...options });
		if (lease === undefined) throw new Error("there is no lease");
		return lease;
	};

	it("lies beside the archives, under a key that is none of theirs", () => {
		const template = newTemplate();
		const { bucket, key } = leaseAddress(template);
		expect(bucket).toBe(store.name);
		expect(key.startsWith(template.prefix)).toBe(true);
		expect(key.slice(template.prefix.length)).toMatch(/^\.zipferry-[0-9a-f]{16}\.lease\.json$/);
	});

	it("is held by one, is checked, is released and goes to the next", async () => {
		const template = newTemplate();
		const first = await take(template);
		await expect(take(template)).rejects.toMatchObject({
			code: "LOCKED",
			message: expect.stringMatching(
				/^another run of this job is under way on [\w.-]+, process \d+, since [-\d]+T[:.\d]+Z; its lease ends at /,
			),
		});
		await first.check();
		await first.check();
		await expect(take(template)).rejects.toThrow(LockedError);
		await first.release();
		const second = await take(template);
		await second.check();
		await second.release();
	});

	it("goes to one of several that come at the same time", async () => {
		const template = newTemplate();
		const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => take(template)));
		const held = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
		expect(held.length).toBe(1);
		await held[0]?.check();
		await held[0]?.release();
	});

	it("goes to one of several when it has ended, and the one that lost it notices", async () => {
		const template = newTemplate();
		const scope = randomUUID();
		const lost = await take(template, { scope });
		const outcomes = await Promise.allSettled(
			Array.from({ length: 3 }, () => take(template, { scope: undefined, waitMs: 0 })),
		);
		expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
		const next = await take(template, { scope });
		await expect(lost.check()).rejects.toMatchObject({ code: "LOCKED" });
		await lost.release();
		await next.check();
		await next.release();
	});

	it("is lost when somebody deletes it", async () => {
		const template = newTemplate();
		const lease = await take(template);
		const { bucket, key } = leaseAddress(template);
		expect(await deleteObjects(connection, bucket, [{ key }])).toEqual([]);
		await expect(lease.check()).rejects.toMatchObject({ code: "LOCKED" });
		await lease.release();
	});
});
