import { createHash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { ZipOptions } from "../../../src/archive/options.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import type { ProviderName } from "../../../src/s3/providers.ts";
import type { Source } from "../../../src/sources/source.ts";
import type { UploadZipOptions } from "../../../src/upload/options.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { DIFFERENCES } from "../../s3/differences.ts";
import { type ContractServer, contractServer, serverName } from "../../s3/servers.ts";
import { collect, cut, lines, noise } from "../../support/bytes.ts";
import { hasZstd, IF_ZSTD } from "../../support/zstd.ts";

const MiB = 1024 * 1024;
const PART_SIZE = 5 * MiB;
const MTIME = new Date("2026-01-31T12:00:00Z");

/** When a source fails, and what has to have happened before. */
interface Failure {
	readonly at: number;
	readonly after: Promise<void>;
}

const DISK_GONE = new Error("the disk is gone");

/** One entry of noise, which stays as large as it is. */
function source(bytes: Buffer, failure?: Failure): Source {
	return { name: "noise.bin", mtime: MTIME, content: () => content(bytes, failure) };
}

async function* content(bytes: Buffer, failure: Failure | undefined): AsyncGenerator<Uint8Array, void, void> {
	let given = 0;
	for (const chunk of cut(bytes, [MiB])) {
		if (failure !== undefined && given >= failure.at) {
			await failure.after;
			throw DISK_GONE;
		}
		given += chunk.byteLength;
		yield chunk;
	}
}

async function archiveOf(bytes: Buffer, options: ZipOptions = {}): Promise<Buffer> {
	let archive: Buffer = Buffer.alloc(0);
	const take = async (chunks: AsyncIterable<Uint8Array>) => {
		archive = await collect(chunks);
	};
	await createZip(source(bytes), take, options);
	return archive;
}

const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");

let server: ContractServer;
beforeAll(async () => {
	server = await contractServer();
});
afterAll(async () => {
	await server.stop();
});

describe("an upload with resume, provider generic", () => resumes("generic"));
// The same but for the hash that parts are compared by.
describe.runIf(DIFFERENCES[serverName()].verifiesChecksums)(
	"an upload with resume, provider aws",
	{ tags: "slow" },
	() => resumes("aws"),
);

function resumes(provider: ProviderName): void {
	let store: ContractBucket;
	let client: S3Client;
	const full = noise(23 * MiB);
	beforeAll(async () => {
		store = await ContractBucket.create(server);
		client = store.client;
	});
	afterAll(() => store.destroy());

	/** One run, and what it told. */
	async function run(
		key: string,
		sources: Source,
		more: Partial<UploadZipOptions> = {},
		listener: (event: ZipferryEvent) => void = () => {},
	) {
		const events: ZipferryEvent[] = [];
		const upload = uploadZip(sources, {
			bucket: store.name,
			key,
			client,
			provider,
			partSize: PART_SIZE,
			concurrency: 2,
			resume: true,
			retryTimeMs: 2_000,
			...more,
			onEvent(event) {
				events.push(event);
				listener(event);
			},
		});
		const result = await upload.catch((error: unknown) => error as Error);
		const of = <Type extends ZipferryEvent["type"]>(type: Type) =>
			events.filter((event): event is Extract<ZipferryEvent, { type: Type }> => event.type === type);
		return { result, of, warnings: of("warning").map(({ code }) => code) };
	}
	const uploadsOf = async (key: string) =>
		(await store.uploads(key)).filter((upload) => upload.Key === key).map(({ UploadId }) => UploadId);
	const expectStored = async (key: string, bytes: Buffer) => {
		expect(md5(await store.read(key))).toBe(md5(await archiveOf(bytes)));
		expect(await uploadsOf(key)).toEqual([]);
	};
	/** Leaves an incomplete upload of two parts behind. @returns its id */
	async function fail(
		key: string,
		bytes = full,
		more: Partial<UploadZipOptions> = {},
		at = 14 * MiB,
	): Promise<string> {
		let tell = () => {};
		const after = new Promise<void>((resolve) => {
			tell = resolve;
		});
		const failed = await run(key, source(bytes, { at, after }), more, (event) => {
			if (event.type === "progress" && event.uploadedSize === 2 * PART_SIZE) tell();
		});
		expect(failed.result).toBe(DISK_GONE);
		const [kept] = failed.of("upload-kept");
		expect(kept).toMatchObject({ partCount: 2, size: 2 * PART_SIZE });
		expect(await uploadsOf(key)).toEqual([kept?.uploadId]);
		return kept?.uploadId ?? "";
	}

	it("keeps the parts of a run that fails, and the next one sends only what is missing", async () => {
		const uploadId = await fail("continued");
		const { result, of, warnings } = await run("continued", source(full));
		expect(of("upload-resumed")).toMatchObject([{ uploadId, partCount: 2, size: 2 * PART_SIZE }]);
		expect(of("upload-created")).toEqual([]);
		expect(result).toMatchObject({ partCount: 5, resumedPartCount: 2, resumedSize: 2 * PART_SIZE });
		expect(result).toMatchObject({ md5: md5(await archiveOf(full)) });
		expect(warnings).toEqual([]);
		expect(of("progress").at(-1)).toMatchObject({ resumedSize: 2 * PART_SIZE });
		await expectStored("continued", full);
	});

	it("takes the part size from the upload, whatever is asked for now", async () => {
		await fail("part-size");
		const { result } = await run("part-size", source(full), { partSize: 8 * MiB });
		expect(result).toMatchObject({ partCount: 5, resumedPartCount: 2 });
		await expectStored("part-size", full);
	});

	it("sends a part again that differs, and makes the archive of what the sources are now", async () => {
		await fail("changed");
		const changed = Buffer.from(full);
		changed.fill(7, MiB, MiB + 10);
		const { result } = await run("changed", source(changed));
		expect(result).toMatchObject({ partCount: 5, resumedPartCount: 1, resumedSize: PART_SIZE });
		await expectStored("changed", changed);
	});

	it.skipIf(!hasZstd)(`never goes on with a frame that another encoder has begun${IF_ZSTD}`, async () => {
		const mixed = Buffer.from(full);
		for (let at = 0; at < mixed.byteLength; at += 64 * 1024) mixed.set(lines(8 * 1024), at);
		// Another level does what another version of the zstd library may do: other bytes of the same content.
		await fail("frames", mixed, { method: "zstd", level: 1 }, 17 * MiB);
		const now = { method: "zstd", level: 3 } as const;
		const { result, of } = await run("frames", source(mixed), now);
		expect(of("upload-resumed")).toMatchObject([{ partCount: 2 }]);
		expect(result).toMatchObject({ resumedPartCount: 0 });
		expect((await store.read("frames")).equals(await archiveOf(mixed, now))).toBe(true);
	});

	it("leaves out parts behind a new end", async () => {
		const key = "shrunk";
		const [archive, uploadId] = [await archiveOf(full), await store.createUpload(key, createdAs(provider))];
		for (const [index, part] of [...cut(archive, [PART_SIZE])].entries())
			await store.uploadPart(key, uploadId, index + 1, Buffer.from(part), partAs(provider, part));
		const shrunk = full.subarray(0, 12 * MiB);
		const { result } = await run(key, source(shrunk));
		expect(result).toMatchObject({ partCount: 3 });
		await expectStored(key, shrunk);
	});

	it("goes on behind a last part that was shorter", async () => {
		const key = "grown";
		const [archive, uploadId] = [
			await archiveOf(full.subarray(0, 12 * MiB)),
			await store.createUpload(key, createdAs(provider)),
		];
		for (const [index, part] of [...cut(archive, [PART_SIZE])].entries())
			await store.uploadPart(key, uploadId, index + 1, Buffer.from(part), partAs(provider, part));
		expect((await run(key, source(full))).result).toMatchObject({ partCount: 5 });
		await expectStored(key, full);
	});

	it("sends an archive in one request that fits by now, and removes the upload", async () => {
		await fail("alone");
		const small = full.subarray(0, MiB);
		expect((await run("alone", source(small))).result).toMatchObject({ partCount: 1, resumedPartCount: 0 });
		await expectStored("alone", small);
	});

	it("leaves nothing behind if it fails before the first part", async () => {
		const { result, of } = await run("nothing", source(full, { at: 0, after: Promise.resolve() }));
		expect(result).toBe(DISK_GONE);
		expect(of("upload-kept")).toEqual([]);
		expect(await uploadsOf("nothing")).toEqual([]);
	});

	it("goes on with the newest upload of this very key, and warns of the others", async () => {
		await store.createUpload("newest.zip", createdAs(provider));
		await store.createUpload("newest", createdAs(provider));
		const uploadId = await fail("newest2");
		const { of } = await run("newest2", source(full));
		expect(of("upload-resumed")).toMatchObject([{ uploadId }]);
		const other = await run("newest", source(full.subarray(0, 6 * MiB)));
		expect(other.result).toMatchObject({ partCount: 2 });
		expect(await uploadsOf("newest.zip")).toHaveLength(1);
	});

	it("does no harm when two runs go on with the same upload at once", async () => {
		await fail("twice");
		const both = await Promise.all([run("twice", source(full)), run("twice", source(full))]);
		for (const { result } of both) expect(result).toMatchObject({ md5: md5(await archiveOf(full)) });
		await expectStored("twice", full);
	});

	it("publishes one of two archives, never a mixture, when two runs with other sources do", async () => {
		await fail("mixed");
		const other = Buffer.concat([full.subarray(0, 15 * MiB), noise(9 * MiB, 1)]);
		const both = await Promise.all([run("mixed", source(full)), run("mixed", source(other))]);
		const published = md5(await store.read("mixed"));
		const possible = [md5(await archiveOf(full)), md5(await archiveOf(other))];
		expect(possible).toContain(published);
		for (const { result } of both) {
			if (!(result instanceof Error)) expect(possible).toContain(result.md5);
		}
	});

	it("goes on with an upload whose run was stopped by its signal", async () => {
		const stop = new AbortController();
		const reason = new Error("enough");
		const stopped = await run("stopped", source(full), { signal: stop.signal }, (event) => {
			if (event.type === "progress" && event.uploadedSize > 0) stop.abort(reason);
		});
		expect(stopped.result).toBe(reason);
		expect(await uploadsOf("stopped")).toHaveLength(1);
		const { result } = await run("stopped", source(full));
		expect(result).toMatchObject({ partCount: 5 });
		expect(result).not.toMatchObject({ resumedPartCount: 0 });
		await expectStored("stopped", full);
	});

	it("warns where the object is as the first run wanted it", async () => {
		await fail("params", full, { contentType: "application/x-first", metadata: { made: "first" } });
		const { of } = await run("params", source(full), { metadata: { Made: "second" } });
		expect(of("warning")).toMatchObject([
			{
				code: "RESUMED_AS_BEGUN",
				message: expect.stringMatching(
					/content type application\/x-first, not application\/zip, metadata made first, not second$/,
				),
			},
		]);
	});

	it.runIf(DIFFERENCES[serverName()].storageClasses)(
		"begins anew where the storage class is another, and says so",
		async () => {
			const uploadId = await fail("class");
			const { result, of } = await run("class", source(full), { storageClass: "STANDARD_IA" });
			expect(result).toMatchObject({ partCount: 5, resumedPartCount: 0 });
			expect(of("warning")[0]).toMatchObject({
				code: "INCOMPLETE_UPLOADS",
				message: expect.stringContaining("an incomplete upload of this key"),
			});
			expect(of("warning")[1]).toMatchObject({
				code: "NOT_RESUMED",
				message: expect.stringMatching(
					/started with storage class STANDARD, not STANDARD_IA; a new upload is started$/,
				),
			});
			expect(await uploadsOf("class")).toEqual([uploadId]);
		},
	);

	it.runIf(DIFFERENCES[serverName()].verifiesChecksums)(
		"begins anew where the upload was begun with other checksums",
		async () => {
			const algorithm = provider === "aws" ? {} : ({ ChecksumAlgorithm: "CRC32" } as const);
			const uploadId = await store.createUpload("checksums", algorithm);
			const { result, warnings } = await run("checksums", source(full));
			expect(result).toMatchObject({ partCount: 5 });
			expect(warnings).toContain("NOT_RESUMED");
			expect(await uploadsOf("checksums")).toEqual([uploadId]);
		},
	);

	it("makes a whole archive of an upload whose parts no schedule fits", async () => {
		const key = "growing";
		const [archive, uploadId] = [await archiveOf(full), await store.createUpload(key, createdAs(provider))];
		const sizes = [PART_SIZE, PART_SIZE, 2 * PART_SIZE];
		for (const [index, part] of [...cut(archive, sizes)].entries())
			await store.uploadPart(key, uploadId, index + 1, Buffer.from(part), partAs(provider, part));
		const { result } = await run(key, source(full));
		expect(result).not.toBeInstanceOf(Error);
		await expectStored(key, full);
	});
}

/** As the provider of the run begins an upload. */
function createdAs(provider: ProviderName) {
	return provider === "aws" ? ({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" } as const) : {};
}

function partAs(provider: ProviderName, _part: Uint8Array) {
	return provider === "aws" ? ({ ChecksumAlgorithm: "CRC32" } as const) : {};
}
