import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StorageError, type ZipferryEvent } from "../../../src/index.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { headObject } from "../../../src/s3/objects/head-object.ts";
import { providerByName } from "../../../src/s3/providers.ts";
import { putInParts } from "../../../src/storage/put/parts-transport.ts";
import { type PinnedObject, pinObject } from "../../../src/upload/base/pinned-object.ts";
import {
	type Replacement,
	type ReplacementTarget,
	replaceObject,
	type StoredObject,
} from "../../../src/upload/base/replace-object.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { DIFFERENCES } from "../../s3/differences.ts";
import { type ContractServer, contractServer, serverName } from "../../s3/servers.ts";
import { putRequest } from "../../storage/put/transport-contract.ts";
import { noise } from "../../support/bytes.ts";

/** Runs on every storage that `ZIPFERRY_TEST_S3` can name. */
const MiB = 1024 ** 2;
const KEY = "a key/with +&.zip";
const DRAFT = `${KEY}.zipferry-draft`;

let server: ContractServer;
let bucket: ContractBucket;
beforeAll(async () => {
	server = await contractServer();
	bucket = await ContractBucket.create(server);
});
afterAll(async () => {
	await bucket.destroy();
	await server.stop();
});

const provider = providerByName(DIFFERENCES[serverName()].verifiesChecksums ? "aws" : "ceph");
const connection = (maxPartSize = provider.limits.maxPartSize): Connection => ({
	...{ client: bucket.client, patient: bucket.client, endpoint: server.endpoint, close() {} },
	provider: { ...provider, limits: { ...provider.limits, maxPartSize } },
});

async function putBase(): Promise<PinnedObject> {
	const address = { bucket: bucket.name, key: KEY };
	await bucket.put(KEY, noise(1000, 1));
	const head = await headObject(connection(), address);
	if (head === undefined) throw new Error("there is no base");
	return pinObject(address, head);
}

const SETTINGS = {
	contentType: "application/zip",
	metadata: { of: "the new one" },
	storageClass: "STANDARD",
};

async function replace(
	bytes: Uint8Array,
	more: Partial<Replacement<StoredObject>> = {},
	maxPartSize?: number,
) {
	const base = await putBase();
	const targets: ReplacementTarget[] = [];
	const events: ZipferryEvent[] = [];
	const examined: [key: string, depth: string][] = [];
	const replaced = replaceObject<StoredObject>(connection(maxPartSize), {
		base,
		object: SETTINGS,
		async put(target) {
			targets.push(target);
			const body = (async function* () {
				yield bytes;
				return { size: bytes.byteLength };
			})();
			const request = putRequest(bucket.name, target.address.key, body);
			const { address, object, ifMatch } = target;
			const destination = { address, object, ifMatch, noClobber: false };
			return { ...address, ...(await putInParts(connection(), { ...request, destination })) };
		},
		async examine({ key }, depth) {
			examined.push([key, depth]);
			return undefined;
		},
		retryTimeMs: 1000,
		signal: undefined,
		onEvent: (event) => events.push(event),
		...more,
	});
	const [result] = await Promise.allSettled([replaced]);
	return { result, targets, events, examined };
}

async function expectNothingLeft(): Promise<void> {
	expect(await bucket.keys()).toEqual([KEY]);
	expect(await bucket.uploads()).toEqual([]);
}

describe(`replaceObject on ${serverName()}, in a bucket that keeps no versions`, () => {
	it.each([
		["of a few bytes", 1000, undefined],
		["of several parts", 12 * MiB, undefined],
		["that is copied over in several pieces", 12 * MiB, 6 * MiB],
	])(
		"puts an object %s beside the base, looks at it, and copies it over",
		async (_what, size, maxPartSize) => {
			const bytes = noise(size, 2);
			const { result, targets, events, examined } = await replace(bytes, {}, maxPartSize);
			expect(result).toMatchObject({ status: "fulfilled", value: { key: KEY, size } });
			expect((await bucket.read(KEY)).equals(bytes)).toBe(true);
			expect(await bucket.head(KEY)).toMatchObject({
				Metadata: SETTINGS.metadata,
				ContentType: "application/zip",
			});
			expect(examined).toEqual([
				[DRAFT, "sample"],
				[KEY, "structure"],
			]);
			expect(targets).toMatchObject([
				{ address: { key: DRAFT }, object: { metadata: SETTINGS.metadata }, ifMatch: undefined },
			]);
			expect(targets[0]?.object).toMatchObject({ storageClass: undefined, tags: undefined });
			expect(events).toEqual([]);
			await expectNothingLeft();
		},
	);

	it("leaves what somebody else puts under the key meanwhile", async () => {
		const theirs = noise(500, 3);
		const { result } = await replace(noise(6 * MiB, 2), {
			async examine() {
				await bucket.put(KEY, theirs);
				return undefined;
			},
		});
		expect(result).toMatchObject({ reason: { code: "SOURCE_CHANGED" } });
		expect((await bucket.read(KEY)).equals(theirs)).toBe(true);
		await expectNothingLeft();
	});

	it("leaves the base if the draft is damaged, and if the caller does not want to go on", async () => {
		const damage = new StorageError("INTEGRITY", "it is damaged");
		const damaged = await replace(noise(6 * MiB, 2), { examine: async () => damage });
		expect(damaged.result).toMatchObject({
			reason: { code: "INTEGRITY", message: `it is damaged; s3://${bucket.name}/${KEY} is as it was` },
		});
		expect((await bucket.read(KEY)).equals(noise(1000, 1))).toBe(true);
		await expectNothingLeft();
		const stop = new Error("not today");
		const stopped = await replace(noise(6 * MiB, 2), { beforeComplete: () => Promise.reject(stop) });
		expect(stopped.result).toMatchObject({ reason: stop });
		expect((await bucket.read(KEY)).equals(noise(1000, 1))).toBe(true);
		await expectNothingLeft();
	});

	it("keeps the draft if the copy of it turns out to be damaged, and says so", async () => {
		const damage = new StorageError("INTEGRITY", "it is damaged");
		const { result } = await replace(noise(6 * MiB, 2), {
			examine: async (_stored, depth) => (depth === "structure" ? damage : undefined),
		});
		expect(result).toMatchObject({
			reason: {
				code: "INTEGRITY",
				message: `it is damaged; the new archive is whole as s3://${bucket.name}/${DRAFT}, and left there`,
			},
		});
		expect((await bucket.read(DRAFT)).equals(noise(6 * MiB, 2))).toBe(true);
		await bucket.delete(DRAFT);
	});

	it("takes no notice of a draft that a run has left", async () => {
		await bucket.put(DRAFT, "half of something");
		const { result } = await replace(noise(6 * MiB, 4));
		expect(result.status).toBe("fulfilled");
		expect((await bucket.read(KEY)).equals(noise(6 * MiB, 4))).toBe(true);
		await expectNothingLeft();
	});
});
