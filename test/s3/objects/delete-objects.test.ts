import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deleteObjects, type ObjectToDelete } from "../../../src/s3/objects/delete-objects.ts";
import { refusal, type SentRequest, scriptedStorage } from "./scripted-storage.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Batch {
	readonly Objects: readonly { readonly Key: string; readonly VersionId?: string }[];
}
const batchOf = ({ input }: SentRequest) => (input["Delete"] as Batch).Objects;
const all = (request: SentRequest) =>
	request.operation === "DeleteObjects" ? { Deleted: batchOf(request) } : {};

async function remove(objects: readonly ObjectToDelete[], answer: (request: SentRequest) => unknown) {
	const storage = scriptedStorage(answer, "aws");
	const deleting = deleteObjects(storage.connection, "b", objects);
	const outcome = deleting.catch((error: unknown) => error);
	await vi.runAllTimersAsync();
	return {
		failures: await outcome,
		operations: storage.requests.map(({ operation }) => operation),
		...storage,
	};
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}` }));

describe("deleteObjects", () => {
	it("asks for a thousand at a time", async () => {
		const { failures, requests } = await remove(keys(2_500), all);
		expect(failures).toEqual([]);
		expect(requests.map((request) => batchOf(request).length)).toEqual([1_000, 1_000, 500]);
	});

	it("asks for nothing if there is nothing", async () => {
		expect((await remove([], all)).operations).toEqual([]);
	});

	it("tells versions of a key apart", async () => {
		const wanted = [{ key: "k", versionId: "1" }, { key: "k", versionId: "2" }, { key: "k" }];
		const { operations } = await remove(wanted, (request) =>
			request.operation === "DeleteObjects"
				? {
						Deleted: [
							{ Key: "k", VersionId: "2" },
							{ Key: "k", DeleteMarker: true },
						],
					}
				: {},
		);
		expect(operations).toEqual(["DeleteObjects", "DeleteObject"]);
	});

	it("asks one by one for what may pass, and for what the answer does not tell of", async () => {
		const { failures, requests } = await remove(keys(3), (request) =>
			request.operation === "DeleteObjects"
				? { Deleted: [{ Key: "k0" }], Errors: [{ Key: "k1", Code: "InternalError", Message: "sorry" }] }
				: {},
		);
		expect(failures).toEqual([]);
		expect(
			requests
				.slice(1)
				.map(({ input }) => input["Key"])
				.sort(),
		).toEqual(["k1", "k2"]);
	});

	it("tells why an object could not be deleted, and deletes the others", async () => {
		const { failures, operations } = await remove(keys(2), () => ({
			Deleted: [{ Key: "k1" }],
			Errors: [{ Key: "k0", Code: "AccessDenied", Message: "Access Denied" }],
		}));
		expect(failures).toMatchObject([
			{ key: "k0", error: { code: "STORAGE_REFUSED", facts: { serverCode: "AccessDenied", key: "k0" } } },
		]);
		expect(operations).toEqual(["DeleteObjects"]);
	});

	it.each([
		["NotImplemented", 501],
		["MethodNotAllowed", 405],
		["MalformedXML", 400],
	])("asks one by one where batches are answered with %s, and for no second batch", async (code, status) => {
		const { failures, operations } = await remove(keys(1_002), ({ operation }) =>
			operation === "DeleteObjects" ? refusal(status, code) : {},
		);
		expect(failures).toEqual([]);
		expect(operations.filter((operation) => operation === "DeleteObjects")).toHaveLength(1);
		expect(operations).toHaveLength(1_003);
	});

	it("does not take any page with status 200 for an answer", async () => {
		const { failures, operations } = await remove(keys(2), ({ operation }) =>
			operation === "DeleteObjects" ? {} : {},
		);
		expect(failures).toEqual([]);
		expect(operations.filter((operation) => operation === "DeleteObject")).toHaveLength(2);
	});

	it("sends keys alone that XML cannot hold, and counts what was gone as deleted", async () => {
		const odd = [{ key: "a\u0001" }, { key: "b\rc" }, { key: "plain" }, { key: "ordinary" }];
		const { failures, requests } = await remove(odd, (request) =>
			request.operation === "DeleteObjects" ? { Deleted: batchOf(request) } : refusal(404, "NoSuchKey"),
		);
		expect(failures).toEqual([]);
		expect(requests.map(({ operation }) => operation)).toEqual([
			"DeleteObjects",
			"DeleteObject",
			"DeleteObject",
		]);
	});
});
