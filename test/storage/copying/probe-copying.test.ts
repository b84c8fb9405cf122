import { randomBytes } from "node:crypto";
import {
	GetObjectLockConfigurationCommand,
	ListMultipartUploadsCommand,
	ListObjectVersionsCommand,
	PutBucketVersioningCommand,
	PutObjectCommand,
	type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import {
	type FaultHook,
	type LocalS3,
	type LocalS3Options,
	startLocalS3,
} from "../../../localstack/strict-s3/local-s3.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { unquote } from "../../../src/s3/object-proof.ts";
import { type Provider, providerByName } from "../../../src/s3/providers.ts";
import { copyingConnection } from "../../../src/storage/copying/copying-connection.ts";
import { supposeCopying } from "../../../src/storage/copying/probe-copying.ts";
import { ContractBucket, contractClient, MIN_PART_SIZE } from "../../s3/contract-bucket.ts";
import { contractServer } from "../../s3/servers.ts";

const KiB = 1024;
const BUCKET = "demo";
const BASE = "a base/+ü.zip";
const TARGET = { bucket: BUCKET, key: "backups/new.zip" };
const PROBE = `${TARGET.key}.zipferry-probe`;
const base = randomBytes(150 * KiB);

const generic = providerByName("generic");
/** Small parts make small tests. */
const small: Provider = { ...generic, limits: { ...generic.limits, minPartSize: 64 * KiB } };

let server: LocalS3 | undefined;
let client: S3Client | undefined;
afterEach(async () => {
	client?.destroy();
	await server?.close();
});

function connectionTo(to: S3Client, endpoint: string, provider: Provider): Connection {
	return { client: to, patient: to, provider, endpoint, close() {} };
}

/** Starts a server with an object to copy from. */
async function start(options: LocalS3Options = {}, provider = small) {
	server = await startLocalS3({ buckets: [BUCKET], minPartSize: 64 * KiB, ...options });
	const { endpoint, region, accessKeyId, secretAccessKey } = server;
	client = contractClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
	return { connection: connectionTo(client, endpoint, provider), client };
}

async function put(to: S3Client) {
	const { ETag } = await to.send(new PutObjectCommand({ Bucket: BUCKET, Key: BASE, Body: base }));
	return { source: { bucket: BUCKET, key: BASE }, etag: unquote(ETag) ?? "", size: base.length };
}

const options = (signal?: AbortSignal) => ({
	...{ signal, retryTimeMs: 2_000, onEvent: () => {} },
	object: { sse: undefined, sseKmsKeyId: undefined },
});

/** Probes, and looks what is there afterwards. */
async function probe(how: LocalS3Options = {}, prepare: (to: S3Client) => Promise<unknown> = async () => {}) {
	const { connection, client: to } = await start(how);
	await prepare(to);
	const sample = await put(to);
	const outcome = await copyingConnection(connection, TARGET, sample, options());
	return { outcome, left: await leftIn(to), connection };
}

async function leftIn(to: S3Client): Promise<string[]> {
	const { Versions = [], DeleteMarkers = [] } = await to.send(
		new ListObjectVersionsCommand({ Bucket: BUCKET }),
	);
	const { Uploads = [] } = await to.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
	return [...Versions, ...DeleteMarkers, ...Uploads].map(({ Key = "" }) => Key);
}

const failing =
	(operation: string, fault: Awaited<ReturnType<FaultHook>>, isMeant = (_key: string) => true): FaultHook =>
	(request) =>
		request.operation === operation && isMeant(request.key) ? fault : undefined;

const refused = (code: string, status: number) => ({ code, status, message: "not here" });

describe("copyingConnection, with a storage that nobody knows", () => {
	it("takes it for one that copies after a trial, of which nothing is left", async () => {
		const { outcome, left } = await probe();
		expect(outcome).toMatchObject({ provider: { name: "generic", copies: "yes", unequalParts: true } });
		expect(left).toEqual([BASE]);
	});

	it("asks little, and sends next to nothing", async () => {
		await probe();
		const about = server?.requests.filter(({ key }) => key === PROBE) ?? [];
		expect(about.filter(({ operation }) => operation === "UploadPartCopy")).toHaveLength(2);
		expect(about.length).toBeLessThanOrEqual(9);
		expect(about.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(KiB);
	});

	it.each<[string, LocalS3Options, RegExp]>([
		[
			"that wants parts of one size",
			{ habits: { partSizes: "equal" } },
			/InvalidPart.*must have the same length/,
		],
		["that copies all of a source", { habits: { copyRange: "ignored" } }, /bytes/],
		["that copies other bytes", { habits: { copyRange: "late" } }, /copied other bytes than/],
		[
			"that copies no parts",
			{ onRequest: failing("UploadPartCopy", refused("NotImplemented", 501)) },
			/NotImplemented/,
		],
		[
			"that forbids it",
			{ onRequest: failing("UploadPartCopy", refused("AccessDenied", 403)) },
			/AccessDenied/,
		],
		[
			"that cannot complete it",
			{ onRequest: failing("CompleteMultipartUpload", refused("NotImplemented", 501)) },
			/NotImplemented/,
		],
		[
			"that has lost the base",
			{ onRequest: failing("UploadPartCopy", refused("NoSuchKey", 404)) },
			/no longer exists/,
		],
	])("says why not of a storage %s, and leaves nothing", async (_, how, reason) => {
		const { outcome, left } = await probe(how);
		expect(outcome).toMatch(reason);
		expect(left).toEqual([BASE]);
	});

	it("gets over a lost answer to what makes the trial visible", async () => {
		const lost: FaultHook = ({ operation, occurrence }) =>
			operation === "CompleteMultipartUpload" && occurrence === 1 ? { loseAnswer: true } : undefined;
		const { outcome, left } = await probe({ onRequest: lost });
		expect(outcome).toMatchObject({ provider: { copies: "yes" } });
		expect(left).toEqual([BASE]);
	});

	it("leaves no version and no delete marker in a bucket that keeps versions", async () => {
		const VersioningConfiguration = { Status: "Enabled" } as const;
		const { outcome, left } = await probe({}, (to) =>
			to.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration })),
		);
		expect(outcome).toMatchObject({ provider: { copies: "yes" } });
		expect(left).toEqual([BASE]);
	});

	it("does not trust a storage that does not let the trial go, and says where it is", async () => {
		const { outcome, left } = await probe({
			onRequest: failing("DeleteObject", refused("AccessDenied", 403)),
		});
		expect(outcome).toBe(`s3://${BUCKET}/${PROBE} could not be deleted`);
		expect(left).toEqual([BASE, PROBE]);
	});

	it("removes what a run has left that was killed, also if the trial fails", async () => {
		const { outcome, left } = await probe(
			{ onRequest: failing("UploadPartCopy", refused("NotImplemented", 501)) },
			(to) => to.send(new PutObjectCommand({ Bucket: BUCKET, Key: PROBE, Body: "left" })),
		);
		expect(outcome).toMatch(/NotImplemented/);
		expect(left).toEqual([BASE]);
	});

	it.each(["UploadPartCopy", "CompleteMultipartUpload", "GetObject"])(
		"ends with the reason of an abort during %s, and leaves nothing",
		async (operation) => {
			const stop = new AbortController();
			const onRequest: FaultHook = (request) => {
				if (request.operation === operation && request.key === PROBE) stop.abort(new Error("stopped"));
				return undefined;
			};
			const { connection, client: to } = await start({ onRequest });
			const sample = await put(to);
			const probing = copyingConnection(connection, TARGET, sample, options(stop.signal));
			await expect(probing).rejects.toThrow("stopped");
			expect(await leftIn(to)).toEqual([BASE]);
		},
	);

	it("tries nothing in a bucket that keeps every object for a time", async () => {
		const { connection, client: to } = await start();
		const Rule = { DefaultRetention: { Mode: "GOVERNANCE", Days: 30 } };
		const send = async (command: unknown) => {
			expect(command).toBeInstanceOf(GetObjectLockConfigurationCommand);
			return { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule } };
		};
		const sample = await put(to);
		// Only this is used.
		const locked = { ...to, send } as unknown as S3Client;
		const probing = copyingConnection({ ...connection, client: locked }, TARGET, sample, options());
		expect(await probing).toMatch(/keeps every object for a time/);
	});

	it("tries nothing with an object of which no part can be copied", async () => {
		const { connection, client: to } = await start();
		const sample = { ...(await put(to)), size: 64 * KiB };
		expect(await copyingConnection(connection, TARGET, sample, options())).toBe(connection);
		expect(server?.requests.map(({ operation }) => operation)).toEqual(["PutObject"]);
	});
});

describe("copyingConnection, with a storage that is known", () => {
	const sample = { source: { bucket: BUCKET, key: BASE }, etag: "e", size: base.length };
	const ask = (provider: Provider) => {
		// Nothing is asked of it.
		const connection = connectionTo({} as S3Client, "http://127.0.0.1:1", provider);
		return copyingConnection(connection, TARGET, sample, options()).then((found) =>
			found === connection ? "as it is" : found,
		);
	};

	it("asks it nothing", async () => {
		expect(await ask(providerByName("aws"))).toBe("as it is");
		expect(await ask(providerByName("ceph"))).toBe("as it is");
		expect(await ask(providerByName("r2"))).toBe("provider r2 takes parts of one size only");
		expect(await ask({ ...small, copies: "no" })).toBe("provider generic copies no ranges of objects");
	});
});

describe("supposeCopying", () => {
	const suppose = (provider: Provider) =>
		supposeCopying(connectionTo({} as S3Client, "http://127.0.0.1:1", provider)).provider;

	it("takes it for granted where nobody knows, and leaves what is known as it is", () => {
		expect(suppose(generic)).toMatchObject({ name: "generic", copies: "yes", unequalParts: true });
		expect(suppose(providerByName("r2"))).toBe(providerByName("r2"));
		expect(suppose({ ...generic, copies: "no" })).toMatchObject({ copies: "no", unequalParts: false });
	});
});

describe("copyingConnection, with a server of the contract", async () => {
	const real = await contractServer();
	const bucket = await ContractBucket.create(real);
	afterAll(async () => {
		await bucket.destroy();
		await real.stop();
	});

	it("finds that it copies", async () => {
		const body = randomBytes(MIN_PART_SIZE + 100);
		const etag = unquote((await bucket.put(BASE, body)).ETag) ?? "";
		const sample = { source: { bucket: bucket.name, key: BASE }, etag, size: body.length };
		const connection = connectionTo(bucket.client, real.endpoint, generic);
		const target = { bucket: bucket.name, key: "new.zip" };
		expect(await copyingConnection(connection, target, sample, options())).toMatchObject({
			provider: { copies: "yes", unequalParts: true },
		});
		expect(await bucket.keys()).toEqual([BASE]);
		expect(await bucket.uploads()).toEqual([]);
	});
});
