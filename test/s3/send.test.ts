import {
	HeadBucketCommand,
	HeadObjectCommand,
	type HeadObjectCommandOutput,
	ListMultipartUploadsCommand,
	PutObjectCommand,
	S3Client,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidOptionError, StorageError } from "../../src/errors.ts";
import type { RequestEvent } from "../../src/events.ts";
import { isConditionFailed, isForbidden, isNotFound } from "../../src/s3/errors/refusals.ts";
import { UnexpectedAnswerError } from "../../src/s3/errors/sdk-error.ts";
import { send } from "../../src/s3/send.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const head = () => new HeadObjectCommand({ Bucket: "b", Key: "k" });

/** What the SDK throws for an answer with this status. */
function refusal(status: number, code = "Unknown"): Error {
	return Object.assign(new Error(`said ${code}`), {
		name: code,
		$fault: status < 500 ? "client" : "server",
		$metadata: { httpStatusCode: status },
	});
}

/** A connection whose answers are these, one after the other, the last one for ever. */
function connectionThat(...answers: readonly unknown[]) {
	const refresh = vi.fn(async () => ({ accessKeyId: "a", secretAccessKey: "s" }));
	const ask = vi.fn(async (_command: unknown, _options: unknown) => {
		const answer = answers[Math.min(ask.mock.calls.length, answers.length) - 1];
		if (answer instanceof Error) throw answer;
		return answer;
	});
	const client = { send: ask, config: { credentials: refresh } } as unknown as S3Client;
	const patientAsk = vi.fn(async () => ({}));
	const patient = { ...client, send: patientAsk } as unknown as S3Client;
	return { connection: { client, patient }, ask, patientAsk, refresh };
}

/** What a promise comes to, with all the waits on its way. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
	const outcome = promise.catch((error: unknown) => error);
	await vi.runAllTimersAsync();
	return outcome;
}

interface Credentials {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
}

/** A connection whose requests are signed with these credentials, and answered after that long. */
function connectionWith(credentials: Promise<Credentials>, answerMs: number) {
	const handle = vi.fn(async () => {
		await new Promise((resolve) => setTimeout(resolve, answerMs));
		return { response: { statusCode: 200, headers: {}, body: undefined } };
	});
	const requestHandler = { handle, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}) };
	const client = new S3Client({ region: "r", credentials: () => credentials, requestHandler });
	return { connection: { client, patient: client }, handle };
}

describe("send, where credentials are to be renewed", () => {
	const credentials = { accessKeyId: "a", secretAccessKey: "s" };

	it("gives up if nobody answers, and sends nothing later", async () => {
		let answer = (_credentials: Credentials) => {};
		const asked = new Promise<Credentials>((resolve) => {
			answer = resolve;
		});
		const { connection, handle } = connectionWith(asked, 0);
		const error = await settled(send(connection, head(), { retryTimeMs: 1000 }));
		expect(error).toMatchObject({ code: "NO_CREDENTIALS", message: expect.stringContaining("two minutes") });
		answer(credentials);
		await vi.advanceTimersByTimeAsync(1000);
		expect(handle).not.toHaveBeenCalled();
	});

	it("gives up a renewal that the storage demands as well", async () => {
		const { connection, refresh } = connectionThat(refusal(400, "ExpiredToken"), {});
		refresh.mockImplementation(() => new Promise(() => {}));
		const error = await settled(send(connection, head(), { retryTimeMs: 10_000 }));
		expect(error).toMatchObject({ code: "NO_CREDENTIALS" });
	});

	it("does not count the time of the answer", async () => {
		const { connection, handle } = connectionWith(Promise.resolve(credentials), 600_000);
		const answer = await settled(send(connection, head(), { retryTimeMs: 1000 }));
		expect(answer).toMatchObject({ $metadata: { httpStatusCode: 200 } });
		expect(handle).toHaveBeenCalledTimes(1);
	});
});

describe("send, with an observer", () => {
	it("tells of each attempt once it has ended", async () => {
		const { connection } = connectionThat(refusal(503, "SlowDown"), { ETag: "e" });
		const events: RequestEvent[] = [];
		const part = new UploadPartCommand({ Bucket: "b", Key: "k", UploadId: "u", PartNumber: 7 });
		const observed = { ...connection, onRequest: (event: RequestEvent) => events.push(event) };
		await settled(send(observed, part, { retryTimeMs: 60_000 }));
		expect(events).toMatchObject([
			{ type: "request", operation: "UploadPart", partNumber: 7, attempt: 1, failure: "SlowDown" },
			{ type: "request", operation: "UploadPart", partNumber: 7, attempt: 2, failure: undefined },
		]);
	});

	it.each([
		[() => new PutObjectCommand({ Bucket: "b", Key: "k", Body: Buffer.from("alpha") }), 5, 7],
		[() => new HeadObjectCommand({ Bucket: "b", Key: "k" }), 0, undefined],
	] as const)(
		"knows what the answer said, and how much went each way",
		async (command, sentSize, receivedSize) => {
			vi.useRealTimers();
			const handle = async () => ({
				response: {
					statusCode: 200,
					headers: { "x-amz-request-id": "r1", "content-length": "7", etag: '"e"' },
					body: undefined,
				},
			});
			const requestHandler = { handle, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}) };
			const keys = { accessKeyId: "a", secretAccessKey: "s" };
			const client = new S3Client({ region: "r", credentials: keys, requestHandler });
			const events: RequestEvent[] = [];
			const onRequest = (event: RequestEvent) => void events.push(event);
			await send({ client, patient: client, onRequest }, command(), { retryTimeMs: 0 });
			expect(events).toMatchObject([
				{ status: 200, sentSize, receivedSize, requestId: "r1", elapsedMs: expect.any(Number) },
			]);
		},
	);
});

describe("send", () => {
	it("gives the answer, and asks once", async () => {
		const { connection, ask } = connectionThat({ ETag: "e" });
		expect(await send(connection, head(), { retryTimeMs: 1000 })).toEqual({ ETag: "e" });
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it("repeats what may pass, and tells of each wait with the operation", async () => {
		const { connection, ask } = connectionThat(refusal(503, "SlowDown"), refusal(500), { ETag: "e" });
		const waits: unknown[] = [];
		const onRetry = ({ code }: { code: string }, waitMs: number, operation: string) =>
			waits.push([operation, code, waitMs > 0]);
		const answer = await settled(send(connection, head(), { retryTimeMs: 60_000, onRetry }));
		expect(answer).toEqual({ ETag: "e" });
		expect(ask).toHaveBeenCalledTimes(3);
		expect(waits).toEqual([
			["HeadObject", "SlowDown", true],
			["HeadObject", "Unknown", true],
		]);
	});

	it("gives up when the time is over, and asks once if there is none", async () => {
		const long = connectionThat(refusal(503, "SlowDown"));
		const startedAt = performance.now();
		const error = await settled(send(long.connection, head(), { retryTimeMs: 60_000 }));
		expect(error).toMatchObject({ code: "NETWORK", message: expect.stringContaining("despite retries") });
		expect(performance.now() - startedAt).toBeGreaterThan(40_000);
		expect(performance.now() - startedAt).toBeLessThanOrEqual(60_000);
		const once = connectionThat(refusal(503, "SlowDown"));
		expect(await settled(send(once.connection, head(), { retryTimeMs: 0 }))).toBeInstanceOf(StorageError);
		expect(once.ask).toHaveBeenCalledTimes(1);
	});

	it("says what was tried, for which object, and what the server said", async () => {
		const { connection } = connectionThat(refusal(403, "AccessDenied"));
		const error = await settled(send(connection, head(), { retryTimeMs: 1000 }));
		expect(error).toBeInstanceOf(StorageError);
		expect(error).toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringMatching(/^HeadObject of s3:\/\/b\/k was refused: /),
			facts: { bucket: "b", key: "k", operation: "HeadObject", serverCode: "AccessDenied", status: 403 },
		});
		expect([isForbidden(error), isNotFound(error), isConditionFailed(error)]).toEqual([true, false, false]);
	});

	it("names the prefix of a listing, and the bucket alone", async () => {
		const { connection } = connectionThat(refusal(403, "AccessDenied"));
		const list = new ListMultipartUploadsCommand({ Bucket: "b", Prefix: "p/" });
		expect(await settled(send(connection, list, { retryTimeMs: 0 }))).toMatchObject({
			facts: { key: "p/", operation: "ListMultipartUploads" },
		});
		const bucket = new HeadBucketCommand({ Bucket: "b" });
		expect(await settled(send(connection, bucket, { retryTimeMs: 0 }))).toMatchObject({ facts: { key: "" } });
	});

	it("repeats an answer that the check refuses, and fails if there is no other", async () => {
		const check = ({ ETag }: HeadObjectCommandOutput) => {
			if (!ETag) throw new UnexpectedAnswerError("no ETag");
		};
		const mended = connectionThat({}, {}, { ETag: "e" });
		const options = { retryTimeMs: 60_000, check };
		expect(await settled(send(mended.connection, head(), options))).toEqual({ ETag: "e" });
		const never = connectionThat({});
		expect(await settled(send(never.connection, head(), options))).toMatchObject({ code: "NETWORK" });
		expect(never.ask).toHaveBeenCalledTimes(4);
	});

	it("lets errors of zipferry pass as they are, and repeats none", async () => {
		const { connection, ask } = connectionThat({});
		const own = new InvalidOptionError("no");
		const check = () => {
			throw own;
		};
		expect(await settled(send(connection, head(), { retryTimeMs: 1000, check }))).toBe(own);
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it("repeats what may pass here, and does not repeat what is final here", async () => {
		const lags = connectionThat(refusal(404), { ETag: "e" });
		const mayPass = ({ status }: { status?: number | undefined }) =>
			status === 404 ? "it lags behind" : undefined;
		const answer = await settled(send(lags.connection, head(), { retryTimeMs: 60_000, mayPass }));
		expect(answer).toEqual({ ETag: "e" });
		const busy = connectionThat(refusal(409, "OperationAborted"));
		const isFinal = ({ status }: { status?: number | undefined }) => status === 409;
		const error = await settled(send(busy.connection, head(), { retryTimeMs: 60_000, isFinal }));
		expect(error).toMatchObject({ facts: { status: 409 } });
		expect(busy.ask).toHaveBeenCalledTimes(1);
	});

	it("passes the reason of an abort on, while it waits and while it asks", async () => {
		const reason = new Error("stop");
		const stop = new AbortController();
		const { connection, ask } = connectionThat(refusal(503));
		setTimeout(() => stop.abort(reason), 50);
		const failed = settled(send(connection, head(), { retryTimeMs: 60_000, signal: stop.signal }));
		expect(await failed).toBe(reason);
		expect(ask).toHaveBeenCalledTimes(1);
		expect(ask.mock.calls[0]?.[1]).toEqual({ abortSignal: stop.signal });
		// As the SDK does, with an error of its own.
		const asking = connectionThat(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
		const again = send(asking.connection, head(), { retryTimeMs: 60_000, signal: AbortSignal.abort(reason) });
		expect(await settled(again)).toBe(reason);
	});

	it("gets new credentials once for those that have expired", async () => {
		const { connection, refresh } = connectionThat(refusal(400, "ExpiredToken"), { ETag: "e" });
		expect(await settled(send(connection, head(), { retryTimeMs: 60_000 }))).toEqual({ ETag: "e" });
		expect(refresh).toHaveBeenCalledTimes(1);
		expect(refresh).toHaveBeenCalledWith({ forceRefresh: true });
	});

	it("asks patiently if it is told to", async () => {
		const { connection, ask, patientAsk } = connectionThat({});
		await send(connection, head(), { retryTimeMs: 0, patient: true });
		expect([ask.mock.calls.length, patientAsk.mock.calls.length]).toEqual([0, 1]);
	});
});
