import { createHash } from "node:crypto";
import { type FileHandle, link, open, truncate } from "node:fs/promises";
import { Readable } from "node:stream";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GiB, KiB, MiB } from "../../src/bytes/units.ts";
import { openArchive, ZipStream } from "../../src/index.ts";
import { finishShards } from "../../src/shards/finish/finish-shards.ts";
import { planShards } from "../../src/shards/plan/plan-shards.ts";
import { makeShard } from "../../src/shards/work/make-shard.ts";
import { gradeOfRun } from "../conformance/grade.ts";
import { runProgram } from "../conformance/run-program.ts";
import { noise } from "../support/bytes.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const BORDER = 4 * GiB;
const READ_MS = 300_000;
const ZEROS = Buffer.alloc(MiB);
const SMALL = { "a/first": "before everything", "z/last": "behind the border" };

const directory = useTempDirectory();
let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
	await directory.write({ "files/a/first": SMALL["a/first"], "files/z/last": SMALL["z/last"] });
});
afterEach(() => server.close());

/** A file that is a hole. */
async function makeHole(): Promise<void> {
	await directory.write({ "files/large": "" });
	await truncate(directory.path("files/large"), BORDER + 100 * MiB);
}

/** Names of one file whose bytes no method makes smaller: gigabytes of archive, and none of disk. */
async function makeNames(): Promise<void> {
	const size = 128 * MiB;
	await directory.write({ "files/m/000": noise(size) });
	for (let index = 1; index * size <= BORDER; index++)
		await link(directory.path("files/m/000"), directory.path(`files/m/${String(index).padStart(3, "0")}`));
}

/** What many processes make, one after the other here. */
async function archiveOfShards(method: "auto" | "store"): Promise<void> {
	const { endpoint, region, accessKeyId, secretAccessKey } = server.s3;
	const credentials = { accessKeyId, secretAccessKey };
	const storage = { endpoint, region, credentials, provider: "aws" as const };
	const target = { bucket: BUCKET, key: "all.zip", method, maxBytes: GiB };
	const plan = await planShards(directory.path("files"), { ...storage, ...target });
	expect(plan.shardCount).toBeGreaterThan(1);
	for (let index = 0; index < plan.shardCount; index++) await makeShard(plan, index, storage);
	const { zip64 } = await finishShards(plan, storage);
	expect(zip64).toBe(true);
}

/** Hash of some chunks, which go into a file as well, with holes for zeros. */
async function sha256(chunks: AsyncIterable<Uint8Array>, file?: FileHandle): Promise<string> {
	const hash = createHash("sha256");
	let offset = 0;
	for await (const chunk of chunks) {
		hash.update(chunk);
		if (!ZEROS.subarray(0, chunk.byteLength).equals(chunk))
			await file?.write(chunk, 0, chunk.byteLength, offset);
		offset += chunk.byteLength;
	}
	await file?.truncate(offset);
	return hash.digest("hex");
}

/** Takes the archive out of the bucket. */
async function download(path: string): Promise<string> {
	const { endpoint, region } = server.s3;
	const client = new S3Client({ endpoint, region, credentials: server.s3, forcePathStyle: true });
	const file = await open(path, "wx");
	try {
		const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "all.zip" }));
		if (!(Body instanceof Readable)) throw new Error("an object without a stream");
		return await sha256(Body, file);
	} finally {
		await file.close();
		client.destroy();
	}
}

/** Makes an archive of the files by shards, and compares it with what one process makes of them. */
async function compare(method: "auto" | "store"): Promise<void> {
	await archiveOfShards(method);
	const path = directory.path("all.zip");
	const found = await download(path);
	await using archive = await openArchive(path);
	const offsets: number[] = [];
	const contents: Record<string, string> = {};
	for await (const entry of archive) {
		offsets.push(entry.offset);
		if (entry.uncompressedSize < KiB) contents[entry.name] = (await entry.open().bytes()).toString();
	}
	expect(contents).toMatchObject(SMALL);
	expect(Math.min(...offsets)).toBe(0);
	expect(Math.max(...offsets)).toBeGreaterThan(BORDER);
	const alone = new ZipStream({ method });
	alone.addPath(directory.path("files"), "");
	expect(found).toBe(await sha256(alone));
	const unzip = await runProgram("unzip", ["-tqq", path], { timeoutMs: READ_MS });
	if (unzip.found) expect(unzip, unzip.stderr).toMatchObject({ exitCode: 0 });
}

const grade = gradeOfRun();

describe("an archive of shards of more than 4 GiB", { tags: "slow", timeout: 900_000 }, () => {
	it.skipIf(grade === "small")("is what one process makes, with one entry of more than 4 GiB", async () => {
		await makeHole();
		await compare("store");
	});

	// Takes twice as long: it is tried whether the data gets smaller.
	it.runIf(grade === "big")("is what one process makes, of entries that all are smaller", async () => {
		await makeNames();
		await compare("auto");
	});
});
