import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hashPart } from "../../../src/storage/parts/completed-part.ts";
import type { PutEvent } from "../../../src/storage/put/put-event.ts";
import { UploadSession } from "../../../src/storage/put/upload-session.ts";
import { FakeStorage, lostAnswer, noAnswer, refusal } from "./fake-storage.ts";
import { bodyOf, putRequest, type RequestOverrides } from "./transport-contract.ts";

const BYTES = Buffer.from("a part");
const MD5 = hashPart(BYTES, "md5");
const ETAG = MD5.kind === "md5" ? MD5.hex : "";
const RECEIVED = () => ({ ETag: `"${ETAG}"` });
const COMPLETED = () => ({ ETag: '"whole-1"', VersionId: "v" });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A session on a storage that does all it is asked for, but for what a test says. */
function session(answers: ConstructorParameters<typeof FakeStorage>[0] = {}, over: RequestOverrides = {}) {
	const events: PutEvent[] = [];
	const storage = new FakeStorage({
		CreateMultipartUpload: () => ({ UploadId: "u" }),
		UploadPart: RECEIVED,
		CompleteMultipartUpload: COMPLETED,
		PutObject: RECEIVED,
		...answers,
	});
	const onEvent = (event: PutEvent) => events.push(event);
	const request = putRequest("b", "k", bodyOf(0), { retryTimeMs: 5_000, onEvent, ...over });
	return { session: new UploadSession(storage.connection(), request), storage, events };
}

/** Uploads one part and completes. @returns what has become of it, with all waits */
async function run(upload: UploadSession, ...steps: readonly ("create" | "part" | "complete" | "put")[]) {
	const work = async () => {
		for (const step of steps) {
			if (step === "create") await upload.create();
			if (step === "part") await upload.sendPart(1, BYTES);
			if (step === "complete") await upload.complete();
			if (step === "put") await upload.putObject(BYTES);
		}
	};
	const done = work().catch(() => {}); // the outcome has it
	await vi.advanceTimersByTimeAsync(60_000);
	await done;
	return upload.end();
}
const IN_PARTS = ["create", "part", "complete"] as const;

describe("UploadSession", () => {
	it("ends committed, with what the storage has said and what it must hold", async () => {
		const { session: upload, storage, events } = session();
		expect(await run(upload, ...IN_PARTS)).toMatchObject({
			phase: { name: "committed", answer: { versionId: "v", etag: "whole-1" } },
			expectation: { size: BYTES.byteLength, etag: expect.stringMatching(/^[0-9a-f]{32}-1$/) },
			partCount: 1,
			openUploadId: undefined,
			lostCreate: undefined,
		});
		expect(storage.asked).toEqual(["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]);
		expect(events).toEqual([
			{ type: "upload-created", uploadId: "u" },
			{
				type: "part-completed",
				uploadedSize: BYTES.byteLength,
				copiedSize: 0,
				resumed: { count: 0, size: 0 },
			},
		]);
	});

	it("ends committed when the whole was sent in one request", async () => {
		const { session: upload } = session();
		expect(await run(upload, "put")).toMatchObject({
			phase: { name: "committed", answer: { etag: ETAG } },
			expectation: { size: BYTES.byteLength, etag: ETAG },
			partCount: 1,
		});
	});

	it.each([
		["Create", "CreateMultipartUpload", undefined],
		["a part", "UploadPart", "u"],
		["Complete", "CompleteMultipartUpload", "u"],
	])("ends failed if %s is refused", async (_, operation, openUploadId) => {
		const { session: upload } = session({ [operation]: () => refusal(403, "AccessDenied") });
		expect(await run(upload, ...IN_PARTS)).toMatchObject({
			phase: { name: "failed", reason: { facts: { operation, serverCode: "AccessDenied" } } },
			openUploadId,
		});
		expect(upload.stop.aborted).toBe(true);
	});

	it.each([
		["Complete", "CompleteMultipartUpload", IN_PARTS],
		["the whole", "PutObject", ["put"] as const],
	])("ends unknown if answers to %s are lost until it is given up", async (_, operation, steps) => {
		const { session: upload } = session({ [operation]: lostAnswer });
		expect(await run(upload, ...steps)).toMatchObject({
			phase: { name: "unknown", reason: { code: "NETWORK", facts: { operation } } },
		});
	});

	it("ends unknown if an answer is lost and the next says that there is no such upload", async () => {
		const { session: upload } = session({
			CompleteMultipartUpload: ({ occurrence }) =>
				occurrence === 1 ? lostAnswer() : refusal(404, "NoSuchUpload"),
		});
		expect(await run(upload, ...IN_PARTS)).toMatchObject({
			phase: { name: "unknown", reason: { facts: { serverCode: "NoSuchUpload" } } },
		});
	});

	it("ends failed if Complete was refused for now, and then for good", async () => {
		const { session: upload } = session({
			CompleteMultipartUpload: ({ occurrence }) =>
				occurrence === 1 ? refusal(429, "TooManyRequests") : refusal(412, "PreconditionFailed"),
		});
		expect(await run(upload, ...IN_PARTS)).toMatchObject({
			phase: { name: "failed", reason: { code: "STORAGE_REFUSED" } },
		});
	});

	it("ends committed if a whole arrived damaged: it has to be taken back", async () => {
		const { session: upload } = session({
			PutObject: () => ({ ETag: `"${"0".repeat(32)}"`, VersionId: "v" }),
		});
		expect(await run(upload, "put")).toMatchObject({
			phase: { name: "committed", answer: { versionId: "v", etag: "0".repeat(32) } },
			expectation: { etag: ETAG },
		});
	});

	it("ends failed with the reason of a stop, and does not complete any more", async () => {
		const stop = new AbortController();
		const reason = new Error("enough");
		const { session: upload, storage } = session({}, { signal: stop.signal });
		await upload.create();
		await upload.sendPart(1, BYTES);
		stop.abort(reason);
		await expect(upload.complete()).rejects.toBe(reason);
		expect(await upload.end()).toMatchObject({ phase: { name: "failed", reason } });
		expect(storage.asked).not.toContain("CompleteMultipartUpload");
	});

	it("waits three seconds for the answer to Complete when it is stopped, and ends unknown without one", async () => {
		const stop = new AbortController();
		const reason = new Error("enough");
		const answers = { CompleteMultipartUpload: noAnswer };
		const { session: upload, storage } = session(answers, { signal: stop.signal });
		await upload.create();
		await upload.sendPart(1, BYTES);
		const completed = upload.complete().catch((error: unknown) => error);
		await expect.poll(() => storage.asked).toContain("CompleteMultipartUpload");
		stop.abort(reason);
		let ended = false;
		void completed.then(() => {
			ended = true;
		});
		await vi.advanceTimersByTimeAsync(2_999);
		expect(ended).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		expect(await completed).toBe(reason);
		expect(await upload.end()).toMatchObject({ phase: { name: "unknown", reason } });
	});

	it("keeps the answer to Complete that comes after a stop", async () => {
		const stop = new AbortController();
		const CompleteMultipartUpload = () => {
			stop.abort(new Error("enough"));
			return COMPLETED();
		};
		const { session: upload } = session({ CompleteMultipartUpload }, { signal: stop.signal });
		expect(await run(upload, ...IN_PARTS)).toMatchObject({ phase: { name: "committed" } });
	});

	it("ends failed if nobody has completed it", async () => {
		const { session: upload } = session();
		expect(await run(upload, "create", "part")).toMatchObject({
			phase: { name: "failed", reason: expect.any(TypeError) },
			openUploadId: "u",
			held: { uploadId: "u", partCount: 1, size: BYTES.byteLength },
			hasSurplus: false,
		});
	});

	it("waits for the id of an upload that it has just begun when it is stopped", async () => {
		const stop = new AbortController();
		const { session: upload } = session(
			{
				CreateMultipartUpload: ({ signal }) =>
					new Promise((resolve, reject) => {
						signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
						setTimeout(() => resolve({ UploadId: "u" }), 1_500);
						setTimeout(() => stop.abort(new Error("enough")), 10);
					}),
			},
			{ signal: stop.signal },
		);
		expect(await run(upload, ...IN_PARTS)).toMatchObject({
			phase: { name: "failed", reason: { message: "enough" } },
			openUploadId: "u",
			lostCreate: undefined,
		});
	});

	it("remembers a Create whose answer got lost", async () => {
		const { session: upload } = session({
			CreateMultipartUpload: ({ occurrence }) => (occurrence === 1 ? lostAnswer() : { UploadId: "u" }),
		});
		expect(await run(upload, ...IN_PARTS)).toMatchObject({
			phase: { name: "committed" },
			lostCreate: { uploadId: "u" },
		});
	});

	it("takes an upload that is not known for one whose id got garbled, but not one of an earlier run", async () => {
		const answers = { UploadPart: () => refusal(404, "NoSuchUpload") };
		expect(await run(session(answers).session, ...IN_PARTS)).toMatchObject({ lostCreate: { uploadId: "u" } });
		const earlier = { uploadId: "e", ageMs: 1, parts: new Map(), size: 0, schedule: undefined };
		const resumed = session(answers, { upload: earlier }).session;
		expect(await run(resumed, "part")).toMatchObject({ lostCreate: undefined, openUploadId: "e" });
	});

	it("does not send what an earlier run has sent, and counts it", async () => {
		const listed = {
			partNumber: 1,
			size: BYTES.byteLength,
			etag: ETAG,
			crc32: undefined,
			lastModified: undefined,
		};
		const surplus = { ...listed, partNumber: 2 };
		const parts = new Map([listed, surplus].map((part) => [part.partNumber, part]));
		const upload = { uploadId: "e", ageMs: 1, parts, size: 2 * BYTES.byteLength, schedule: undefined };
		const { session: resumed, storage, events } = session({}, { upload });
		expect(await run(resumed, "part", "complete")).toMatchObject({
			phase: { name: "committed" },
			resumed: { count: 1, size: BYTES.byteLength },
			held: { partCount: 2 },
			hasSurplus: true,
		});
		expect(storage.asked).toEqual(["CompleteMultipartUpload"]);
		expect(events).toMatchObject([{ type: "part-completed", resumed: { count: 1 } }]);
	});

	it("fails with the very error that a listener throws, also during a retry", async () => {
		const failure = new Error("listener");
		const onEvent = (event: PutEvent) => {
			if (event.type === "retry") throw failure;
		};
		const { session: upload } = session({ UploadPart: () => refusal(503, "SlowDown") }, { onEvent });
		expect(await run(upload, ...IN_PARTS)).toMatchObject({ phase: { name: "failed", reason: failure } });
	});

	it("tells of each repetition", async () => {
		const { session: upload, events } = session({
			UploadPart: ({ occurrence }) => (occurrence === 1 ? refusal(503, "SlowDown") : RECEIVED()),
		});
		await run(upload, ...IN_PARTS);
		expect(events[1]).toEqual({
			type: "retry",
			operation: "UploadPart",
			reason: "SlowDown",
			waitMs: expect.any(Number),
		});
	});
});
