import { readdir, readFile, writeFile } from "node:fs/promises";
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	S3Client,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { createZip, type GeneratedEntry, openArchive, verifyArchive } from "../../src/index.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { regionOf } from "./regions.ts";

const directory = useTempDirectory();
let archive: Buffer;
let contents: readonly string[];

async function contentsOf(path: string): Promise<readonly string[]> {
	await using opened = await openArchive(path);
	const found: string[] = [];
	for await (const entry of opened) found.push(Buffer.from(await entry.open().bytes()).toString("latin1"));
	return found;
}

/** More than 1 MiB of unknown size: data descriptor, ZIP64 extra field in the local header. */
async function* stream() {
	for (let count = 0; count < 1_100; count++) yield Buffer.alloc(1024, "abc");
}

/** Stored, deflated, ZIP64 with a data descriptor, directory, link, comment, a time beyond 2038. */
const ENTRIES = (): GeneratedEntry[] => [
	{ name: "dir/", mode: 0o750 },
	{ name: "dir/stored.bin", content: "x1y2z3", comment: "a comment" },
	{ name: "dir/deflated.txt", content: "abc".repeat(100), mtime: "2026-01-02T03:04:05Z" },
	{ name: "link", linkTarget: "dir/stored.bin" },
	{ name: "late", content: "l", mtime: "2050-01-02T03:04:05Z" },
	{ name: "stream.txt", content: stream() },
];

beforeEach(async () => {
	const path = directory.path("good.zip");
	await createZip(ENTRIES(), path, { comment: "of the archive" });
	archive = await readFile(path);
	contents = await contentsOf(path);
	expect(archive.byteLength).toBeLessThan(5_000);
});

/** With one bit of this byte the other way round. */
function flipped(at: number, bit: number): Buffer {
	const bad = Buffer.from(archive);
	bad[at] = (bad[at] ?? 0) ^ bit;
	return bad;
}

function* positions(step: number): Generator<number> {
	for (let at = step >> 1; at < archive.byteLength; at += step) yield at;
}

describe("verifyArchive() of a file with one wrong byte", () => {
	async function tryAll(step: number): Promise<Set<string | undefined>> {
		const path = directory.path("bad.zip");
		const missed = new Set<string | undefined>();
		for (const at of positions(step)) {
			await writeFile(path, flipped(at, 1 << (at & 7)));
			const { ok, findings, unproven } = await verifyArchive(path);
			const { record, field } = regionOf(archive, at);
			if (ok) {
				expect(unproven).toEqual(["fields"]);
				if (field !== undefined) missed.add(field);
				// Some bits of DEFLATE change nothing: padding, or a distance to the same bytes further back.
				else if (record === "local header") expect(await contentsOf(path)).toEqual(contents);
				else missed.add(`${record} at byte ${at}`);
			} else {
				expect(findings[0]?.message).not.toBe("");
			}
		}
		return missed;
	}
	const UNPROVEN = new Set(["mode", "comment", "internal attributes", "MS-DOS time beside an exact time"]);

	it("finds it, or says that fields without a checksum cannot be proven", async () => {
		const missed = await tryAll(11);
		expect([...missed].filter((field) => !UNPROVEN.has(field ?? ""))).toEqual([]);
	});

	it("finds each but those of four fields", { tags: "slow", timeout: 900_000 }, async () => {
		expect(await tryAll(1)).toEqual(UNPROVEN);
	});

	it.each([
		["local-header", "dir/deflated.txt", "dir/deflated.txt", 0],
		["data", "dir/deflated.txt", "dir/deflated.txt", 30],
	])("names the structure (%s) and the entry", async (structure, name, near, behind) => {
		const at = archive.indexOf(near) + behind;
		await writeFile(directory.path("bad.zip"), flipped(at, 1));
		const { findings } = await verifyArchive(directory.path("bad.zip"));
		expect(findings).toContainEqual(expect.objectContaining({ structure, entryName: name }));
	});
});

describe("verifyArchive() of an object with one wrong byte", () => {
	let server: Awaited<ReturnType<typeof startLocalS3>>;
	const closers: (() => Promise<void>)[] = [];
	beforeEach(async () => {
		server = await startLocalS3({ directory: directory.path("s3"), buckets: ["demo"], minPartSize: 1 });
		closers.push(() => server.close());
	});
	afterEach(async () => {
		for (const close of closers.splice(0)) await close();
	});

	/** Puts the archive as an object of three parts of different sizes, and gives the files that hold them. */
	async function put(): Promise<readonly string[]> {
		const client = new S3Client({
			...{ endpoint: server.endpoint, region: server.region, credentials: server },
			...{ forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" as const },
		});
		const target = { Bucket: "demo", Key: "a.zip" };
		const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
		const borders = [0, 700, 1_000, archive.byteLength];
		const parts: { ETag: string | undefined; PartNumber: number }[] = [];
		for (let number = 1; number < borders.length; number++) {
			const Body = archive.subarray(borders[number - 1], borders[number]);
			const { ETag } = await client.send(
				new UploadPartCommand({ ...target, UploadId, PartNumber: number, Body }),
			);
			parts.push({ ETag, PartNumber: number });
		}
		await client.send(
			new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
		);
		client.destroy();
		const folder = directory.path("s3/blobs");
		const files = (await readdir(folder)).map((name) => `${folder}/${name}`);
		const sizes = await Promise.all(files.map(async (file) => (await readFile(file)).byteLength));
		const found = [700, 300, archive.byteLength - 1_000].map((size) => files[sizes.indexOf(size)]);
		return found.map((file) => file ?? "");
	}

	async function writeParts(files: readonly string[], bytes: Buffer): Promise<void> {
		const borders = [0, 700, 1_000, bytes.byteLength];
		for (const [index, file] of files.entries())
			await writeFile(file, bytes.subarray(borders[index], borders[index + 1]));
	}

	function verify() {
		return verifyArchive("s3://demo/a.zip", {
			...{ endpoint: server.endpoint, region: server.region, provider: "generic" },
			credentials: server,
		});
	}

	async function tryAll(step: number): Promise<void> {
		const files = await put();
		expect(await verify()).toMatchObject({ ok: true, hashCompared: true, unproven: [] });
		for (const at of positions(step)) {
			await writeParts(files, flipped(at, 1 << (at & 7)));
			const { ok, findings } = await verify();
			expect({ at, ok }).toEqual({ at, ok: false });
			expect(findings[0]?.message).not.toBe("");
		}
	}

	it("finds it, also where no checksum of the archive protects it", () => tryAll(97));

	// Each byte of the archive has had its turn in a file; here all of them are under the same ETag.
	it("finds it at every fifth byte", { tags: "slow", timeout: 900_000 }, () => tryAll(5));

	it("says that the object is not what was stored if only its ETag shows it", async () => {
		const files = await put();
		await writeParts(files, flipped(archive.indexOf("of the archive"), 1));
		const { findings } = await verify();
		expect(findings).toEqual([
			{
				structure: "object",
				entryName: undefined,
				offset: undefined,
				message: expect.stringMatching(
					/^is not what was stored: its bytes have the ETag [0-9a-f]{32}-3, the storage keeps [0-9a-f]{32}-3$/,
				),
			},
		]);
	});
});
