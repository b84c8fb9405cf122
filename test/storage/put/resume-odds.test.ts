import { Readable } from "node:stream";
import {
	AbortMultipartUploadCommand,
	CreateMultipartUploadCommand,
	HeadObjectCommand,
	ListMultipartUploadsCommand,
	type S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import type { ProviderName } from "../../../src/s3/providers.ts";
import type { Source } from "../../../src/sources/source.ts";
import type { UploadZipOptions } from "../../../src/upload/options.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { contractClient } from "../../s3/contract-bucket.ts";
import { noise } from "../../support/bytes.ts";

const MiB = 1024 * 1024;
const BUCKET = "keys";
const KEY = "k.zip";

let server: LocalS3;
let client: S3Client;
let fault: FaultHook;
beforeEach(async () => {
	fault = () => undefined;
	server = await startLocalS3({ buckets: [BUCKET], onRequest: (request) => fault(request) });
	const { endpoint, region, accessKeyId, secretAccessKey } = server;
	client = contractClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
});
afterEach(async () => {
	client.destroy();
	await server.close();
});

/**
 * Makes a client that sees the server as one that encrypts: it takes a demand for encryption, shows in the
 * answers to parts how their upload was begun, and, with keys of a key service, ETags that are no MD5.
 */
function encrypting(bucketDefault?: string): void {
	const encryptions = new Map<string, string>();
	const turned = (etag: string | undefined) =>
		etag && `"${[...etag.replaceAll('"', "")].reverse().join("")}"`;
	client.middlewareStack.add(
		(next) => async (args) => {
			// Of commands of many kinds, each with some of these.
			const input = { ...args.input } as Record<string, unknown> & {
				ServerSideEncryption?: string;
				UploadId?: string;
				MultipartUpload?: { Parts: { ETag: string }[] };
			};
			const asked = input.ServerSideEncryption ?? bucketDefault;
			delete input.ServerSideEncryption;
			const opaque = encryptions.get(input.UploadId ?? "")?.startsWith("aws:kms") === true;
			if (opaque && input.MultipartUpload !== undefined) {
				const Parts = input.MultipartUpload.Parts.map((part) => ({ ...part, ETag: turned(part.ETag) ?? "" }));
				input.MultipartUpload = { Parts };
			}
			const result = await next({ ...args, input } as typeof args);
			const output = result.output as unknown as Record<string, unknown> & {
				ETag?: string;
				UploadId?: string;
				Parts?: { ETag?: string }[];
			};
			if (input.UploadId === undefined && output.UploadId !== undefined && asked !== undefined)
				encryptions.set(output.UploadId, asked);
			const encryption = encryptions.get(input.UploadId ?? "");
			if (encryption !== undefined) output["ServerSideEncryption"] = encryption;
			if (opaque && output.ETag !== undefined) output.ETag = turned(output.ETag) ?? "";
			if (opaque && output.Parts !== undefined)
				output.Parts = output.Parts.map((part) => ({ ...part, ETag: turned(part.ETag) ?? "" }));
			return result;
		},
		{ step: "initialize", priority: "low" },
	);
}

const content = noise(13 * MiB);

const NOISE = { name: "noise.bin", mtime: new Date(0), content };

async function run(provider: ProviderName, more: Partial<UploadZipOptions> = {}, sources: Source = NOISE) {
	const events: ZipferryEvent[] = [];
	const result = await uploadZip(sources, {
		bucket: BUCKET,
		key: KEY,
		client,
		provider,
		partSize: 5 * MiB,
		resume: true,
		concurrency: 1,
		retryTimeMs: 1_000,
		onEvent: (event) => events.push(event),
		...more,
	}).catch((error: unknown) => error as Error);
	return {
		result,
		events,
		messages: events.flatMap((event) => (event.type === "warning" ? [event.message] : [])),
	};
}

function* chunks() {
	yield content;
}

const sent = () => server.requests.filter(({ operation }) => operation === "UploadPart").length;

/** Leaves an upload with two of three parts. */
async function interrupt(provider: ProviderName, more: Partial<UploadZipOptions> = {}): Promise<void> {
	fault = ({ operation, partNumber }) =>
		operation === "UploadPart" && partNumber === 3
			? { status: 403, code: "AccessDenied", message: "not now" }
			: undefined;
	const { events } = await run(provider, more);
	expect(events.find(({ type }) => type === "upload-kept")).toMatchObject({ partCount: 2 });
	fault = () => undefined;
}

describe("an upload with resume where ETags are no MD5", () => {
	it("compares by the checksums of the parts where the storage keeps them", async () => {
		encrypting("aws:kms");
		await interrupt("aws");
		const { result, messages } = await run("aws");
		expect(result).toMatchObject({ partCount: 3, resumedPartCount: 2 });
		expect(messages).toEqual([]);
	});

	it("says that it cannot compare, and sends all parts again, where it keeps none", async () => {
		encrypting("aws:kms");
		await interrupt("generic");
		const before = sent();
		const { result, messages } = await run("generic");
		expect(result).toMatchObject({ partCount: 3, resumedPartCount: 0 });
		expect(messages).toEqual([
			expect.stringMatching(/^the storage encrypts with its own keys, .* sent again$/),
		]);
		expect(sent() - before).toBe(3);
	});

	it("begins anew, and says why, where such keys are asked for and there are no checksums", async () => {
		encrypting();
		await interrupt("generic", { sse: "aws:kms" });
		const { result, messages } = await run("generic", { sse: "aws:kms" });
		expect(result).toMatchObject({ partCount: 3, resumedPartCount: 0 });
		expect(messages[1]).toMatch(/cannot be resumed: its ETags are no MD5, .*; a new upload is started$/);
	});
});

describe("an upload with resume and encryption", () => {
	it("goes on with one that was begun with the same", async () => {
		encrypting();
		await interrupt("aws", { sse: "AES256" });
		const { result, messages } = await run("aws", { sse: "AES256" });
		// No list of parts tells how they are encrypted: the first one asks.
		expect(result).toMatchObject({ partCount: 3, resumedPartCount: 1 });
		expect(messages).toEqual([]);
	});

	it("never publishes with less than was asked for: it begins anew", async () => {
		encrypting();
		await interrupt("aws");
		const { result, messages } = await run("aws", { sse: "AES256" });
		expect(result).toMatchObject({ partCount: 3, resumedPartCount: 0 });
		expect(messages[0]).toMatch(/cannot be resumed: it was started with no encryption, not AES256; a new/);
	});
});

describe("an upload with resume, and somebody else", () => {
	/** Somebody completes or removes the upload as soon as this run sends a part. */
	function finishMeanwhile(finish: (uploadId: string) => Promise<unknown>): void {
		let done: Promise<unknown> | undefined;
		fault = async ({ operation }) => {
			if (operation !== "UploadPart" || done !== undefined) return undefined;
			const [upload] = await listed();
			done = finish(upload ?? "");
			await done;
			return undefined;
		};
	}
	const listed = async () => {
		const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
		return Uploads.map(({ UploadId }) => UploadId);
	};
	const abort = async (UploadId: string) => {
		await client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: KEY, UploadId }));
	};

	it("begins anew if the upload is removed meanwhile", async () => {
		await interrupt("generic");
		finishMeanwhile(abort);
		const { result, messages } = await run("generic");
		expect(result).toMatchObject({ partCount: 3, resumedPartCount: 0 });
		expect(messages).toEqual([
			expect.stringMatching(
				/cannot be resumed: it was completed or removed by somebody else meanwhile; a new/,
			),
		]);
		expect(await listed()).toEqual([]);
	});

	it.each([
		["a Node stream", () => Readable.from([content])],
		["a generator", () => chunks()],
	])("never makes the archive a second time of %s, which has nothing more to give", async (_what, make) => {
		await interrupt("generic");
		finishMeanwhile(abort);
		const { result } = await run("generic", {}, { ...NOISE, content: make() });
		expect(result).toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringContaining("run it again to start a new upload"),
		});
		await expect(client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: KEY }))).rejects.toThrow();
	});

	it("names an upload that it leaves to whoever has changed it", async () => {
		await interrupt("generic");
		const [uploadId] = await listed();
		let refused = false;
		fault = ({ operation }) => {
			if (operation !== "CompleteMultipartUpload" || refused) return undefined;
			refused = true;
			return { status: 400, code: "InvalidPart", message: "not what you say" };
		};
		const { result, messages } = await run("generic");
		expect(result).toMatchObject({ partCount: 3, resumedPartCount: 0 });
		expect(messages.at(-1)).toContain(`abortUploads() with uploadId "${uploadId}" removes it`);
		expect(await listed()).toEqual([uploadId]);
	});

	it("leaves an empty upload, which may be of a run that has only just begun", async () => {
		const command = new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: KEY });
		const { UploadId } = await client.send(command);
		fault = ({ operation }) =>
			operation === "UploadPart" ? { status: 403, code: "AccessDenied", message: "no" } : undefined;
		const { result, events } = await run("generic");
		expect(result).toMatchObject({ code: "STORAGE_REFUSED" });
		expect(events.map(({ type }) => type)).toContain("upload-resumed");
		expect(await listed()).toEqual([UploadId]);
	});

	it("begins anew where the expected size does not fit into parts like those that are there", async () => {
		await interrupt("generic");
		const more = { expectedSize: 2 ** 40, partSize: undefined };
		const { result, messages } = await run("generic", more, { ...NOISE, content: () => chunks() });
		expect(result).toMatchObject({ resumedPartCount: 0 });
		expect(messages.join("\n")).toContain("the archive may reach 1 TiB");
	});

	it("says so if the archive cannot be made a second time", async () => {
		await interrupt("generic");
		finishMeanwhile(abort);
		async function* entries() {
			yield { name: "noise.bin", mtime: new Date(0), content };
		}
		const events: ZipferryEvent[] = [];
		const upload = uploadZip(entries(), {
			bucket: BUCKET,
			key: KEY,
			client,
			provider: "generic",
			resume: true,
			onEvent: (event) => events.push(event),
		});
		await expect(upload).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringMatching(/cannot be finished: it was completed or removed .* run it again/),
		});
		expect(events.map(({ type }) => type)).not.toContain("upload-kept");
	});

	it("needs the permission to list, and names it", async () => {
		await interrupt("generic");
		const refuse = (name: string): FaultHook => {
			return ({ operation }) =>
				operation === name ? { status: 403, code: "AccessDenied", message: "no" } : undefined;
		};
		fault = refuse("ListParts");
		expect((await run("generic")).result).toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringContaining("s3:ListMultipartUploadParts"),
		});
		fault = refuse("ListMultipartUploads");
		expect((await run("generic")).result).toMatchObject({ facts: { operation: "ListMultipartUploads" } });
		fault = () => undefined;
		expect(await listed()).toHaveLength(1);
	});
});
