import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isConditionFailed, mayNotKnowConditions } from "../../../src/s3/errors/refusals.ts";
import { putSmall } from "../../../src/s3/objects/put-small.ts";
import { refusal, type SentRequest, scriptedStorage } from "./scripted-storage.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const address = { bucket: "b", key: "k" };
const BODY = Buffer.from("held by 4711");
const MD5 = createHash("md5").update(BODY).digest("hex");
const lost = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
const failed = refusal(412, "PreconditionFailed");

/** The answer to GetObject for an object with these bytes. */
const object = (bytes: Buffer) => ({
	$metadata: { httpStatusCode: 206 },
	ETag: '"there"',
	ContentRange: `bytes 0-${bytes.byteLength - 1}/${bytes.byteLength}`,
	Body: Readable.from([bytes]),
});

async function put(answer: (request: SentRequest, count: number) => unknown, options: object) {
	const { connection, requests } = scriptedStorage(answer);
	const outcome = putSmall(connection, address, BODY, options).catch((error: unknown) => error);
	await vi.runAllTimersAsync();
	return { outcome: await outcome, operations: requests.map(({ operation }) => operation), requests };
}

describe("putSmall", () => {
	it("sends the bytes with their MD5 and what goes with them", async () => {
		const { outcome, requests } = await put(() => ({ ETag: '"e"', VersionId: "v" }), {
			contentType: "text/plain",
			metadata: { job: "x" },
		});
		expect(outcome).toEqual({ etag: "e", versionId: "v" });
		expect(requests[0]?.input).toEqual({
			...{ Bucket: "b", Key: "k", Body: BODY, ContentType: "text/plain", Metadata: { job: "x" } },
			ContentMD5: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
		});
	});

	it("puts an object again that arrived damaged, over what is there of it", async () => {
		const damaged = "0".repeat(32);
		const { outcome, requests } = await put((_, count) => ({ ETag: `"${count === 1 ? damaged : MD5}"` }), {
			replaces: "nothing",
		});
		expect(outcome).toEqual({ etag: MD5, versionId: undefined });
		expect(requests.map(({ input }) => [input["IfNoneMatch"], input["IfMatch"]])).toEqual([
			["*", undefined],
			[undefined, `"${damaged}"`],
		]);
	});

	it("fails if it arrives damaged again and again", async () => {
		const { outcome, requests } = await put(() => ({ ETag: `"${"0".repeat(32)}"` }), {});
		expect(outcome).toMatchObject({
			code: "INTEGRITY",
			message: `s3://b/k is not what was sent: its ETag is ${"0".repeat(32)}, not ${MD5}`,
		});
		expect(requests.map(({ input }) => input["IfMatch"])).toEqual([undefined, undefined, undefined]);
	});

	it.each([
		["encryption hides it", { ServerSideEncryption: "aws:kms" }],
		["it is none", { ETag: '"1-2"' }],
	])("compares no MD5 where %s", async (_, answer) => {
		const { outcome, requests } = await put(() => ({ ETag: `"${"0".repeat(32)}"`, ...answer }), {});
		expect(outcome).toHaveProperty("etag");
		expect(requests.length).toBe(1);
	});

	it("takes an object for its own that it has put by a request whose answer got lost", async () => {
		const { outcome } = await put(
			({ operation }, count) => (operation === "GetObject" ? object(BODY) : count === 1 ? lost : failed),
			{ replaces: "nothing" },
		);
		expect(outcome).toEqual({ etag: "there", versionId: undefined });
	});

	it("does not take another one for its own", async () => {
		const other = Buffer.from("held by 4712");
		const { outcome } = await put(
			({ operation }, count) => (operation === "GetObject" ? object(other) : count === 1 ? lost : failed),
			{ replaces: "nothing" },
		);
		expect(outcome).toMatchObject({ code: "DESTINATION_EXISTS" });
	});

	it("does not look where no answer got lost", async () => {
		const { operations } = await put(() => failed, { replaces: "nothing" });
		expect(operations).toEqual(["PutObject"]);
	});

	it("asks once more without quotes where the storage compares the ETag as it stands", async () => {
		const { outcome, requests } = await put(
			({ operation, input }) => {
				if (operation === "HeadObject") return { ContentLength: 1, ETag: '"old"' };
				return input["IfMatch"] === "old" ? { ETag: '"new"' } : failed;
			},
			{ replaces: { etag: "old" } },
		);
		expect(outcome).toEqual({ etag: "new", versionId: undefined });
		expect(requests.map(({ input }) => input["IfMatch"])).toEqual(['"old"', undefined, "old"]);
	});

	it("tells a storage that refuses a condition which holds from one where it does not hold", async () => {
		const { outcome, requests } = await put(
			({ operation }) => (operation === "HeadObject" ? { ContentLength: 1, ETag: '"old"' } : failed),
			{ replaces: { etag: "old" } },
		);
		expect(mayNotKnowConditions(outcome)).toBe(true);
		expect(isConditionFailed(outcome)).toBe(false);
		expect(requests.map(({ operation }) => operation)).toEqual([
			"PutObject",
			"HeadObject",
			"PutObject",
			"HeadObject",
		]);
	});

	it.each([
		["replaced", { ContentLength: 1, ETag: '"other"' }, failed],
		["removed", refusal(404, "NotFound"), refusal(404, "NoSuchKey")],
	])("fails if the object was %s", async (_, head, answer) => {
		const { outcome, operations } = await put(
			({ operation }) => (operation === "HeadObject" ? head : answer),
			{ replaces: { etag: "old" } },
		);
		expect(isConditionFailed(outcome)).toBe(true);
		expect(outcome).toMatchObject({
			message: "s3://b/k was replaced or removed by somebody else, and is left as it is",
		});
		expect(operations).toEqual(["PutObject", "HeadObject"]);
	});
});
