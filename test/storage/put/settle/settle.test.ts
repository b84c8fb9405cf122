import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ArchiveTooLargeError, StorageError } from "../../../../src/errors.ts";
import { UnfitUploadError } from "../../../../src/storage/incomplete/unfit-upload.ts";
import type { PutEvent } from "../../../../src/storage/put/put-event.ts";
import { settle } from "../../../../src/storage/put/settle/settle.ts";
import type { UploadOutcome } from "../../../../src/storage/put/upload-outcome.ts";
import type { FinalPhase } from "../../../../src/storage/put/upload-phase.ts";
import { FakeStorage, lostAnswer, refusal } from "../fake-storage.ts";
import { bodyOf, putRequest, type RequestOverrides } from "../transport-contract.ts";

const ETAG = "0123456789abcdef0123456789abcdef-2";
const OBJECT = { ContentLength: 10, ETag: `"${ETAG}"`, ContentType: "application/zip" };
const OTHER = { ...OBJECT, ETag: `"${"f".repeat(32)}-2"` };
const HELD = { uploadId: "u", partCount: 2, size: 10 };
const RESUMED = { uploadId: "u", ageMs: 1, parts: new Map(), size: 0, schedule: undefined };

const REFUSED = new StorageError("STORAGE_REFUSED", "UploadPart was refused", { operation: "UploadPart" });
const STOPPED = new Error("enough");
const failed = (reason: unknown = REFUSED): FinalPhase => ({ name: "failed", reason });
const unknown = (reason: unknown = REFUSED): FinalPhase => ({ name: "unknown", reason });
const committed = (versionId?: string): FinalPhase => ({
	name: "committed",
	answer: { versionId, etag: ETAG },
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What comes of an upload in parts that has ended so; it is still open unless it is committed. */
async function settled(
	phase: FinalPhase,
	answers: ConstructorParameters<typeof FakeStorage>[0] = {},
	{ request = {}, ...over }: Partial<UploadOutcome> & { request?: RequestOverrides } = {},
) {
	const events: PutEvent[] = [];
	const onEvent = (event: PutEvent) => events.push(event);
	const storage = new FakeStorage(answers);
	const outcome: UploadOutcome = {
		phase,
		expectation: { size: 10, etag: ETAG, crc32: undefined },
		partCount: 2,
		resumed: { count: 0, size: 0 },
		openUploadId: phase.name === "committed" ? undefined : "u",
		held: HELD,
		hasSurplus: false,
		lostCreate: undefined,
		...over,
	};
	const put = putRequest("b", "k", bodyOf(0), { retryTimeMs: 5_000, onEvent, ...request });
	const result = settle(storage.connection(), put, outcome).catch((error: unknown) => error as StorageError);
	await vi.advanceTimersByTimeAsync(300_000);
	return { result: await result, events, asked: storage.asked, inputs: storage.inputs };
}
const REMOVED = ["AbortMultipartUpload", "ListParts"];
const keepParts = { request: { keepParts: true } };
const stubborn = { AbortMultipartUpload: () => refusal(403, "AccessDenied") };

describe("settle, failed", () => {
	it.each([REFUSED, STOPPED])(
		"removes the upload and rejects with what has failed first: %s",
		async (reason) => {
			const { result, asked } = await settled(failed(reason));
			expect(result).toBe(reason);
			expect(asked).toEqual(REMOVED);
		},
	);

	it("asks for nothing if there is no upload", async () => {
		const { result, asked } = await settled(failed(), {}, { openUploadId: undefined, held: undefined });
		expect(result).toBe(REFUSED);
		expect(asked).toEqual([]);
	});

	it("keeps what a later run can resume, and tells of it", async () => {
		const { result, events, asked } = await settled(failed(), {}, keepParts);
		expect(result).toBe(REFUSED);
		expect(events).toEqual([{ type: "upload-kept", ...HELD }]);
		expect(asked).toEqual([]);
	});

	const complete = (serverCode: string) =>
		new StorageError("STORAGE_REFUSED", "no", { operation: "CompleteMultipartUpload", serverCode });
	it.each([
		["it holds nothing", REFUSED, { held: undefined }],
		["it is not what was asked for", new UnfitUploadError("other"), {}],
		["its parts are too small", new ArchiveTooLargeError("large"), {}],
		["it is gone", complete("NoSuchUpload"), {}],
		[
			"it has parts too many, which the storage does not leave out",
			complete("InvalidPart"),
			{ hasSurplus: true },
		],
	])("does not keep it if %s", async (_, reason, over) => {
		const { result, events, asked } = await settled(failed(reason), {}, { ...keepParts, ...over });
		expect(result).toBe(reason);
		expect(events).toEqual([]);
		expect(asked).toEqual(REMOVED);
	});

	it("keeps it if a part was not the right one, but none is too many", async () => {
		expect((await settled(failed(complete("InvalidPart")), {}, keepParts)).asked).toEqual([]);
	});

	it("leaves alone an empty upload that another run may have begun", async () => {
		const { asked } = await settled(failed(), {}, { held: undefined, request: { upload: RESUMED } });
		expect(asked).toEqual([]);
	});

	it("names the upload that could not be removed, behind what has failed", async () => {
		const { result } = await settled(failed(), stubborn);
		expect(result).toMatchObject({
			code: "STORAGE_REFUSED",
			message:
				'UploadPart was refused; the incomplete upload u of s3://b/k could not be removed and still takes space; abortUploads() with uploadId "u" removes it',
			advice: { kind: "abort-upload", bucket: "b", key: "k", uploadId: "u" },
			facts: { operation: "UploadPart", orphanedUploadId: "u", bucket: "b", key: "k" },
			cause: REFUSED,
		});
	});

	it("does so behind the reason of a stop as well", async () => {
		const { result } = await settled(failed(STOPPED), stubborn);
		expect(result).toBeInstanceOf(StorageError);
		expect(result).toMatchObject({
			message: expect.stringMatching(/^enough; the incomplete /),
			cause: STOPPED,
		});
	});

	const lostCreate = { sentAt: 0, endedAt: 100, uploadId: undefined };
	it("says that an upload may be left if its id got lost and nobody may look", async () => {
		const answers = { ListMultipartUploads: () => refusal(403, "AccessDenied") };
		const over = { openUploadId: undefined, held: undefined, lostCreate };
		const { result } = await settled(failed(), answers, over);
		expect(result).toMatchObject({
			message: expect.stringContaining("s3://b/k may be left: the response with its id was lost"),
		});
	});
});

describe("settle, unknown", () => {
	it("takes the object that is there for what was sent, and removes the upload", async () => {
		const { result, asked } = await settled(unknown(), { HeadObject: () => ({ ...OBJECT, VersionId: "v" }) });
		expect(result).toEqual({
			size: 10,
			etag: ETAG,
			versionId: "v",
			partCount: 2,
			incomplete: [],
			resumed: { count: 0, size: 0 },
			differences: [],
			lacksTags: false,
		});
		expect(asked).toEqual(["HeadObject", ...REMOVED]);
	});

	it("names the upload that could not be removed in its result", async () => {
		const { result } = await settled(unknown(), { HeadObject: () => OBJECT, ...stubborn });
		expect(result).toMatchObject({ etag: ETAG, incomplete: ["u"] });
	});

	it.each([
		["there is none", () => refusal(404, "NotFound")],
		["there is another", () => OTHER],
	])("rejects with what has failed if %s, and removes the upload", async (_, HeadObject) => {
		const { result, asked } = await settled(unknown(STOPPED), { HeadObject });
		expect(result).toBe(STOPPED);
		expect(asked).toEqual(["HeadObject", ...REMOVED]);
	});

	it.each([
		["refuses to tell", REFUSED, () => refusal(403, "AccessDenied"), "STORAGE_REFUSED"],
		["does not answer", STOPPED, lostAnswer, "NETWORK"],
	])("says that nobody knows if the storage %s", async (_, reason, HeadObject, code) => {
		const { result } = await settled(unknown(reason), { HeadObject });
		expect(result).toMatchObject({
			code,
			message: expect.stringContaining(`${reason.message}; it is unknown whether the object was published: `),
		});
	});

	it("says so if nothing tells the object that is there from an older one", async () => {
		const expectation = { size: 10, etag: undefined, crc32: undefined };
		const { result, asked } = await settled(unknown(), { HeadObject: () => OBJECT }, { expectation });
		expect(result).toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringContaining(
				"it is unknown whether the object was published: an object of this size is there",
			),
		});
		expect(asked).toEqual(["HeadObject", ...REMOVED]);
	});

	it("keeps the parts for a later run if there is no object", async () => {
		const { events } = await settled(unknown(), { HeadObject: () => refusal(404, "NotFound") }, keepParts);
		expect(events).toEqual([{ type: "upload-kept", ...HELD }]);
	});
});

describe("settle, committed", () => {
	it("gives what the storage holds, with the version that Complete has named", async () => {
		const HeadObject = () => ({ ...OBJECT, VersionId: "newer" });
		const { result, asked } = await settled(committed("ours"), { HeadObject });
		expect(result).toMatchObject({ size: 10, etag: ETAG, versionId: "ours", differences: [] });
		expect(asked).toEqual(["HeadObject"]);
	});

	it("tells where a resumed upload is not what was asked for", async () => {
		const request = { upload: RESUMED, object: { contentType: "text/plain" } };
		const { result } = await settled(committed(), { HeadObject: () => OBJECT }, { request });
		expect(result).toMatchObject({ differences: ["content type application/zip, not text/plain"] });
	});

	it("removes an upload in parts that it did not need", async () => {
		const { result, asked } = await settled(committed(), { HeadObject: () => OBJECT }, { openUploadId: "u" });
		expect(result).toMatchObject({ incomplete: [] });
		expect(asked).toEqual([...REMOVED, "HeadObject"]);
	});

	it("says that the object is probably there if the storage does not let it be checked", async () => {
		const { result } = await settled(committed(), { HeadObject: () => refusal(403, "AccessDenied") });
		expect(result).toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringContaining("so the object is probably there, but it could not be checked"),
			facts: { operation: "HeadObject" },
		});
	});

	it("says the same if the caller does not wait for the check", async () => {
		const stop = new AbortController();
		const HeadObject = () => {
			stop.abort(STOPPED);
			return lostAnswer();
		};
		const { result } = await settled(committed(), { HeadObject }, { request: { signal: stop.signal } });
		expect(result).toMatchObject({
			code: "NETWORK",
			message: expect.stringMatching(/^enough; .* but it could not be checked$/),
			cause: STOPPED,
		});
	});

	const DAMAGED = { ...OBJECT, ContentLength: 9 };
	it("deletes the object if it is not what was sent", async () => {
		const { result, asked } = await settled(committed(), { HeadObject: () => DAMAGED });
		expect(result).toMatchObject({
			code: "INTEGRITY",
			message: expect.stringMatching(/it has 9 bytes, not 10; the object was deleted$/),
		});
		expect(asked.slice(-2)).toEqual(["HeadObject", "DeleteObject"]);
	});

	it("deletes the version if there are versions", async () => {
		const { result, inputs } = await settled(committed("v"), { HeadObject: () => DAMAGED });
		expect(result).toMatchObject({ message: expect.stringContaining("version v was deleted") });
		expect(inputs.at(-1)).toEqual({ Bucket: "b", Key: "k", VersionId: "v" });
	});

	it.each([
		["with its ETag", ETAG],
		["without one", undefined],
	])("leaves alone what somebody else has put there since the answer, %s", async (_, etag) => {
		const phase = { name: "committed", answer: { versionId: undefined, etag } } as const;
		const { result, asked } = await settled(phase, { HeadObject: () => OTHER });
		expect(result).toMatchObject({ message: expect.stringContaining("another upload has replaced it") });
		expect(asked).not.toContain("DeleteObject");
	});

	it("warns of an object that could not be deleted", async () => {
		const answers = { HeadObject: () => DAMAGED, DeleteObject: () => refusal(403, "AccessDenied") };
		const { result } = await settled(committed(), answers);
		expect(result).toMatchObject({
			code: "INTEGRITY",
			message: expect.stringContaining("do not use it: it could not be deleted"),
		});
	});
});
