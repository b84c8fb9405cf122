import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { proveObject } from "../../../src/storage/put/proof.ts";
import { FakeStorage, lostAnswer, noAnswer, refusal } from "./fake-storage.ts";

const ETAG = "0123456789abcdef0123456789abcdef-2";
const OTHER_ETAG = `${"f".repeat(32)}-2`;
const CRC32 = "AAAAAA==";
const EXPECTED = { size: 10, etag: ETAG, crc32: undefined };
const OBJECT = { ContentLength: 10, ETag: `"${ETAG}"`, VersionId: "v" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What the proof comes to, with all waits, and how often the storage was asked. */
async function prove(
	head: (occurrence: number) => object,
	{ confirmed = true, expected = EXPECTED as Parameters<typeof proveObject>[2] } = {},
) {
	const storage = new FakeStorage({ HeadObject: ({ occurrence }) => head(occurrence) });
	const request = { address: { bucket: "b", key: "k" }, retryTimeMs: 600_000, signal: undefined };
	const proven = proveObject(storage.connection(), request, expected, confirmed).catch(
		(error: unknown) => error as Error,
	);
	await vi.advanceTimersByTimeAsync(900_000);
	return { outcome: await proven, asked: storage.asked.length };
}

describe("proveObject", () => {
	it("gives what the storage holds, asked once", async () => {
		const { outcome, asked } = await prove(() => OBJECT);
		expect(outcome).toMatchObject({ etag: ETAG, versionId: "v" });
		expect(asked).toBe(1);
	});

	it.each([
		["another size", { ...OBJECT, ContentLength: 9 }, "it has 9 bytes, not 10"],
		["another ETag", { ...OBJECT, ETag: `"${OTHER_ETAG}"` }, `its ETag is ${OTHER_ETAG}, not ${ETAG}`],
	])("refuses %s, after it was asked three times", async (_, answer, what) => {
		const { outcome, asked } = await prove(() => answer);
		expect(outcome).toMatchObject({ code: "INTEGRITY", message: expect.stringContaining(what) });
		expect(asked).toBe(3);
	});

	it("refuses it at once where the storage has not confirmed the object", async () => {
		const { outcome, asked } = await prove(() => ({ ...OBJECT, ContentLength: 9 }), { confirmed: false });
		expect(outcome).toMatchObject({ code: "INTEGRITY" });
		expect(asked).toBe(1);
	});

	it("takes a second answer that is right", async () => {
		const { outcome } = await prove((occurrence) =>
			occurrence < 3 ? { ...OBJECT, ContentLength: 9 } : OBJECT,
		);
		expect(outcome).toMatchObject({ etag: ETAG });
	});

	it.each([
		["that is no MD5", { ...OBJECT, ETag: '"opaque"' }, EXPECTED],
		["where none is expected", { ...OBJECT, ETag: `"${OTHER_ETAG}"` }, { ...EXPECTED, etag: undefined }],
	])("says nothing of an ETag %s", async (_, answer, expected) => {
		expect((await prove(() => answer, { expected })).outcome).toMatchObject({ versionId: "v" });
	});

	it("compares a checksum of the whole, and none of the parts' checksums", async () => {
		const expected = { ...EXPECTED, crc32: CRC32 };
		const answer = (ChecksumType: string) => () => ({ ...OBJECT, ChecksumCRC32: "BBBBBA==", ChecksumType });
		const { outcome } = await prove(answer("FULL_OBJECT"), { expected });
		expect(outcome).toMatchObject({
			message: expect.stringContaining(`its CRC-32 is BBBBBA==, not ${CRC32}`),
		});
		expect((await prove(answer("COMPOSITE"), { expected })).outcome).toMatchObject({ etag: ETAG });
	});

	it("asks for the checksum only where there is one to compare: it may need another permission", async () => {
		const inputs = async (crc32: string | undefined) => {
			const storage = new FakeStorage({ HeadObject: () => OBJECT });
			const request = { address: { bucket: "b", key: "k" }, retryTimeMs: 0, signal: undefined };
			await proveObject(storage.connection(), request, { ...EXPECTED, crc32 }, true);
			return storage.inputs;
		};
		expect(await inputs(CRC32)).toEqual([{ Bucket: "b", Key: "k", ChecksumMode: "ENABLED" }]);
		expect(await inputs(undefined)).toEqual([{ Bucket: "b", Key: "k" }]);
	});

	it("waits for an object that the storage has confirmed and does not show yet", async () => {
		const later = (occurrence: number) => (occurrence < 4 ? refusal(404, "NotFound") : OBJECT);
		const { outcome, asked } = await prove(later);
		expect(outcome).toMatchObject({ etag: ETAG });
		expect(asked).toBe(4);
	});

	it("does not wait for one that nobody has confirmed", async () => {
		const { outcome, asked } = await prove(() => refusal(404, "NotFound"), { confirmed: false });
		expect(outcome).toBeInstanceOf(Error);
		expect(asked).toBe(1);
	});

	it.each([
		["the answer got lost", lostAnswer],
		["a gateway answered", () => ({})],
	])("asks again when %s", async (_, first) => {
		const { outcome, asked } = await prove((occurrence) => (occurrence === 1 ? first() : OBJECT));
		expect(outcome).toMatchObject({ etag: ETAG });
		expect(asked).toBe(2);
	});

	it("ends with the very reason of a stop", async () => {
		const stop = new AbortController();
		const reason = new Error("enough");
		const request = { address: { bucket: "b", key: "k" }, retryTimeMs: 600_000, signal: stop.signal };
		const storage = new FakeStorage({ HeadObject: noAnswer });
		const proven = proveObject(storage.connection(), request, EXPECTED, true);
		stop.abort(reason);
		await expect(proven).rejects.toBe(reason);
	});
});
