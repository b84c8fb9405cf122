import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startLocalS3 } from "../../../../localstack/strict-s3/local-s3.ts";
import { connect } from "../../../../src/s3/connection.ts";
import { hashPart } from "../../../../src/storage/parts/completed-part.ts";
import { CompletedParts } from "../../../../src/storage/parts/completed-parts.ts";
import { proveObject } from "../../../../src/storage/put/proof.ts";
import { completeUpload } from "../../../../src/storage/put/requests/commit.ts";
import { createUpload } from "../../../../src/storage/put/requests/create-upload.ts";
import { copyPart, type PartSending, sendPart } from "../../../../src/storage/put/requests/part-sender.ts";
import { noise } from "../../../support/bytes.ts";
import { connectSettings, objectSettings } from "../../../support/settings.ts";
import { FakeStorage, lostAnswer, noAnswer, refusal } from "../fake-storage.ts";

const ADDRESS = { bucket: "b", key: "k" };
const TARGET = { address: ADDRESS, uploadId: "u" };
const BYTES = Buffer.from("a part");
const MD5 = hashPart(BYTES, "md5");
const ETAG = MD5.kind === "md5" ? MD5.hex : "";

const sending = (over: Partial<PartSending> = {}): PartSending => ({
	retryTimeMs: 10_000,
	signal: new AbortController().signal,
	bandwidth: undefined,
	onFailure: () => {},
	...over,
});

describe("sendPart", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	/** What comes of one part, with all waits. */
	async function outcome(storage: FakeStorage, over?: Partial<PartSending>) {
		const part = { partNumber: 7, bytes: BYTES };
		const sent = sendPart(storage.connection(), TARGET, part, sending(over)).catch(
			(error: unknown) => error as Error,
		);
		await vi.advanceTimersByTimeAsync(60_000);
		return sent;
	}

	it("gives the completed part", async () => {
		const storage = new FakeStorage({
			UploadPart: () => ({ ETag: `"${ETAG}"`, ServerSideEncryption: "AES256" }),
		});
		expect(await outcome(storage)).toEqual({
			part: { partNumber: 7, size: BYTES.byteLength, etag: ETAG, crc32: undefined, md5: ETAG },
			encryption: "AES256",
			repeated: false,
		});
		expect(storage.inputs).toMatchObject([{ Bucket: "b", Key: "k", UploadId: "u", PartNumber: 7 }]);
	});

	it.each([
		["got lost", () => lostAnswer()],
		["was refused for now", () => refusal(503, "SlowDown")],
		["arrived damaged", () => ({ ETag: `"${"0".repeat(32)}"` })],
		["was answered by something else", () => ({})],
	])("sends again what %s, and says so", async (_, first) => {
		const storage = new FakeStorage({
			UploadPart: ({ occurrence }) => (occurrence === 1 ? first() : { ETag: `"${ETAG}"` }),
		});
		const failures: unknown[] = [];
		const onFailure: PartSending["onFailure"] = ({ name }, _failure, waitMs) =>
			failures.push([name, waitMs !== undefined]);
		expect(await outcome(storage, { onFailure })).toMatchObject({ part: { etag: ETAG }, repeated: true });
		expect(failures).toEqual([["UploadPart", true]]);
	});

	it("gives up what is damaged again and again", async () => {
		const storage = new FakeStorage({ UploadPart: () => ({ ETag: `"${"0".repeat(32)}"` }) });
		expect(await outcome(storage)).toMatchObject({
			code: "INTEGRITY",
			facts: { bucket: "b", key: "k", operation: "UploadPart" },
		});
		expect(storage.asked).toHaveLength(4);
	});

	it("tells once more of a failure that is final", async () => {
		const storage = new FakeStorage({ UploadPart: () => refusal(404, "NoSuchUpload") });
		const failures: unknown[] = [];
		const onFailure: PartSending["onFailure"] = (operation, failure, waitMs) =>
			failures.push([operation.aftermath(failure), failure.code, waitMs]);
		expect(await outcome(storage, { onFailure })).toMatchObject({ code: "STORAGE_REFUSED" });
		expect(failures).toEqual([["upload", "NoSuchUpload", undefined]]);
	});

	it("rejects with the very reason of a stop", async () => {
		const stop = new AbortController();
		const reason = new Error("enough");
		setTimeout(() => stop.abort(reason), 100);
		const storage = new FakeStorage({ UploadPart: noAnswer });
		expect(await outcome(storage, { signal: stop.signal })).toBe(reason);
	});
});

describe("copyPart", () => {
	const range = { source: { bucket: "b", key: "from" }, etag: "e", offset: 5, byteLength: 10 };
	const copy = (answer: () => object) =>
		copyPart(new FakeStorage({ UploadPartCopy: answer }).connection(), TARGET, 2, range, sending());

	it("gives the completed part", async () => {
		expect(await copy(() => ({ CopyPartResult: { ETag: `"${ETAG}"` } }))).toEqual({
			partNumber: 2,
			size: 10,
			etag: ETAG,
			crc32: undefined,
			md5: ETAG,
		});
	});

	it.each([
		[412, "PreconditionFailed", "SOURCE_CHANGED"],
		[404, "NoSuchKey", "SOURCE_NOT_FOUND"],
		[404, "NoSuchUpload", "STORAGE_REFUSED"],
	])("tells what %d %s is about", async (status, code, expected) => {
		await expect(copy(() => refusal(status, code))).rejects.toMatchObject({ code: expected });
	});
});

describe("an upload that several processes share", () => {
	afterEach(() => vi.unstubAllEnvs());
	const shared = { bucket: "shared", key: "k" };

	it.each(["generic", "aws"] as const)(
		"is begun in one, sent by two, completed in a fourth (%s)",
		async (provider) => {
			const server = await startLocalS3({ buckets: [shared.bucket] });
			vi.stubEnv("AWS_ACCESS_KEY_ID", server.accessKeyId);
			vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.secretAccessKey);
			const process = async <Result>(
				work: (connection: Awaited<ReturnType<typeof connect>>) => Promise<Result>,
			) => {
				const { endpoint, region } = server;
				const connection = await connect(
					connectSettings({ endpoint, region, provider, pathStyle: true }),
					shared.bucket,
					2,
				);
				return work(connection).finally(() => connection.close());
			};
			const first = noise(5 * 1024 * 1024);
			const second = noise(1_000, 1);
			const destination = { address: shared, object: objectSettings(), noClobber: false };
			try {
				const uploadId = await process((connection) => createUpload(connection, destination, sending()));
				const target = { address: shared, uploadId };
				const worker = (partNumber: number, bytes: Uint8Array) =>
					process(async (connection) => {
						const { part } = await sendPart(connection, target, { partNumber, bytes }, sending());
						return JSON.stringify(new CompletedParts([part]));
					});
				const written = await Promise.all([worker(2, second), worker(1, first)]);
				await process(async (connection) => {
					const parts = new CompletedParts(
						written.flatMap((json) => CompletedParts.fromJSON(JSON.parse(json)).inOrder),
					);
					const { size, etag, crc32 } = parts;
					const expectation = { size, etag, crc32 };
					const onStored = vi.fn();
					const upload = { uploadId, parts: parts.inOrder, expectation };
					await completeUpload(connection, destination, upload, { ...sending(), onStored });
					expect(onStored).toHaveBeenCalledTimes(1);
					const proven = proveObject(
						connection,
						{ address: shared, retryTimeMs: 0, signal: undefined },
						expectation,
						true,
					);
					expect(await proven).toMatchObject({ head: { ContentLength: first.byteLength + 1_000 } });
				});
			} finally {
				await server.close();
			}
		},
	);
});
