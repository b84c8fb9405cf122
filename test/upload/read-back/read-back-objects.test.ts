import { open, readdir } from "node:fs/promises";
import {
	DeleteObjectCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	type S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import type { Habits } from "../../../localstack/strict-s3/habits.ts";
import { type FaultHook, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { exitCodeOf } from "../../../src/cli/exit-codes.ts";
import { uploadZip } from "../../../src/index.ts";
import { contractClient } from "../../s3/contract-bucket.ts";
import { noise } from "../../support/bytes.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const MiB = 1024 ** 2;
const temp = useTempDirectory();
const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

/** A storage with objects that an archive is made of, which may copy or keep them otherwise than it should. */
class Storage {
	readonly #client: S3Client;
	readonly #options: object;
	/** What happens to requests from now on. */
	hook: FaultHook = () => undefined;
	#known: ReadonlySet<string> = new Set();

	private constructor(client: S3Client, options: object) {
		this.#client = client;
		this.#options = options;
	}

	static async with(objects: Readonly<Record<string, Uint8Array>>, habits: Partial<Habits> = {}) {
		let storage: Storage | undefined;
		const server = await startLocalS3({
			...{ buckets: ["bucket"], directory: temp.path("s3"), habits },
			onRequest: (request) => storage?.hook(request),
		});
		closers.push(server.close);
		const { endpoint, region, accessKeyId, secretAccessKey } = server;
		const credentials = { accessKeyId, secretAccessKey };
		const client = contractClient({ endpoint, region, credentials });
		closers.push(() => client.destroy());
		for (const [Key, Body] of Object.entries(objects))
			await client.send(new PutObjectCommand({ Bucket: "bucket", Key, Body }));
		// Keeps no checksums of parts, so that nothing tells at once that other bytes were copied.
		storage = new Storage(client, { endpoint, region, credentials, provider: "ceph" });
		storage.#known = new Set(await readdir(temp.path("s3/blobs")));
		return storage;
	}

	upload(more: object = {}) {
		return uploadZip("s3://bucket/p/", {
			...{ ...this.#options, bucket: "bucket", key: "zips/a.zip", method: "store", resume: false },
			...more,
		});
	}

	async failure(more: object = {}): Promise<{ readonly exitCode: number; readonly message: string }> {
		const [outcome] = await Promise.allSettled([this.upload(more)]);
		const error: unknown = outcome.status === "rejected" ? outcome.reason : undefined;
		return { exitCode: exitCodeOf(error), message: error instanceof Error ? error.message : "" };
	}

	async keys(): Promise<readonly (string | undefined)[]> {
		const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: "bucket" }));
		return Contents.map(({ Key }) => Key);
	}

	async remove(Key: string): Promise<void> {
		await this.#client.send(new DeleteObjectCommand({ Bucket: "bucket", Key }));
	}

	/** Changes some bytes of each large part that was copied. */
	async damage(): Promise<void> {
		for (const name of await readdir(temp.path("s3/blobs"))) {
			if (this.#known.has(name)) continue;
			const file = await open(temp.path(`s3/blobs/${name}`), "r+");
			const { size } = await file.stat();
			if (size > 6 * MiB) await file.write(Buffer.from("damaged"), 0, 7, Math.floor(size / 2));
			await file.close();
		}
	}
}

describe("an archive of objects that the storage has copied", { timeout: 120_000, tags: "slow" }, () => {
	const OBJECTS = { "p/a": noise(13 * MiB, 1), "p/b": noise(100, 2), "p/c": noise(14 * MiB, 3) };

	it("is read back: its structure, and the content of what was copied", async () => {
		const storage = await Storage.with(OBJECTS);
		const result = await storage.upload();
		expect(result).toMatchObject({
			...{ entryCount: 3, copiedEntryCount: 2 },
			...{ verified: "structure", verifiedEntryCount: 2, comparedEntryCount: 0 },
		});
		expect(result.verifiedSize).toBeGreaterThanOrEqual(27 * MiB);
	});

	it("is not read back if nothing was copied", async () => {
		const storage = await Storage.with({ "p/b": noise(100, 2) });
		expect(await storage.upload()).not.toHaveProperty("verified");
		storage.hook = ({ operation }) =>
			operation === "UploadPartCopy" ? { status: 501, code: "NotImplemented", message: "no" } : undefined;
		expect(await storage.upload()).not.toHaveProperty("verified");
	});

	it("is deleted if the storage has copied other bytes than it was told to", async () => {
		const storage = await Storage.with(OBJECTS, { copyRange: "early" });
		expect(await storage.failure()).toEqual({
			exitCode: 7,
			message: expect.stringMatching(/a\.zip is damaged: .*; the object was deleted$/),
		});
		expect(await storage.keys()).toEqual(["p/a", "p/b", "p/c"]);
	});

	it("is deleted if a copy got damaged in the storage", async () => {
		const storage = await Storage.with(OBJECTS);
		storage.hook = async ({ operation }) => {
			if (operation === "CompleteMultipartUpload") await storage.damage();
			return undefined;
		};
		expect(await storage.failure()).toEqual({
			exitCode: 7,
			message: expect.stringMatching(/the entry "[ac]" .* CRC-32 .*; the object was deleted$/),
		});
		expect(await storage.keys()).toEqual(["p/a", "p/b", "p/c"]);
	});
});

describe("an archive of an object that is too large to be read back", {
	timeout: 120_000,
	tags: "slow",
}, () => {
	const SIZE = 258 * MiB;
	const PIECE = noise(MiB + 1, 1);
	const huge = () => Buffer.alloc(SIZE, PIECE);

	it("has places of it compared with the object, as long as that is there", async () => {
		const storage = await Storage.with({ "p/large": huge(), "p/small": noise(11 * MiB, 2) });
		const compared = await storage.upload();
		expect(compared).toMatchObject({ copiedEntryCount: 2, verifiedEntryCount: 1, comparedEntryCount: 1 });
		expect(compared.verifiedSize).toBeGreaterThan(13 * MiB);
		expect(compared.verifiedSize).toBeLessThan(15 * MiB);
		storage.hook = async ({ operation, key }) => {
			if (operation !== "GetObject" || key !== "zips/a.zip") return undefined;
			storage.hook = () => undefined;
			await storage.remove("p/large");
			return undefined;
		};
		const alone = await storage.upload();
		expect(alone).toMatchObject({ copiedEntryCount: 2, verifiedEntryCount: 1, comparedEntryCount: 0 });
	});

	it("is deleted if other bytes were copied", async () => {
		const storage = await Storage.with({ "p/large": huge() }, { copyRange: "early" });
		const { exitCode, message } = await storage.failure();
		expect(message).toMatch(/the entry "large" has other bytes than what it was copied from; the object was/);
		expect(exitCode).toBe(7);
		expect(await storage.keys()).toEqual(["p/large"]);
	});
});
