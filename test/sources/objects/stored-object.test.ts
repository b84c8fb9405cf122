import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { encodeCrc32 } from "../../../src/s3/object-proof.ts";
import type { ProviderName } from "../../../src/s3/providers.ts";
import { StoredObject } from "../../../src/sources/objects/stored/stored-object.ts";
import { type SentRequest, scriptedStorage } from "../../s3/objects/scripted-storage.ts";
import { noise } from "../../support/bytes.ts";

const CONTENT = Buffer.from(noise(30, 1));
const CRC = crc32(CONTENT);
const SIGNAL = new AbortController().signal;

function stored(answer: (request: SentRequest, count: number) => unknown, provider: ProviderName = "aws") {
	const { connection, requests } = scriptedStorage(answer, provider);
	const bucket = { name: "b", connection, times: {}, onEvent: undefined };
	const listed = { key: "k", size: 30, etag: "e", lastModified: new Date(0), storageClass: undefined };
	return {
		object: new StoredObject(bucket, listed),
		operations: () => requests.map(({ operation }) => operation),
	};
}

const head = (more: object) => ({ ContentLength: 30, ETag: '"e"', ...more });
const COMPOSITE = { ChecksumCRC32: "AAAAAA==-2", ChecksumType: "COMPOSITE" };
const partOf = (start: number, end: number) => ({
	ChecksumCRC32: encodeCrc32(crc32(CONTENT.subarray(start, end))),
	Size: end - start,
});

describe("the CRC-32 of an object in the storage", () => {
	it("is that of the whole, if the storage keeps it", async () => {
		const { object, operations } = stored(() =>
			head({ ChecksumCRC32: encodeCrc32(CRC), ChecksumType: "FULL_OBJECT" }),
		);
		expect(await object.askCrc32(SIGNAL)).toEqual({ crc32: CRC, origin: "head" });
		expect(operations()).toEqual(["HeadObject"]);
	});

	it("is put together from those of its parts", async () => {
		const { object, operations } = stored(({ operation }) =>
			operation === "HeadObject"
				? head(COMPOSITE)
				: { ETag: "e", ObjectParts: { Parts: [partOf(0, 7), partOf(7, 30)] } },
		);
		expect(await object.askCrc32(SIGNAL)).toEqual({ crc32: CRC, origin: "parts" });
		expect(operations()).toEqual(["HeadObject", "GetObjectAttributes"]);
	});

	it("is not known from parts that are not all of it", async () => {
		const { object } = stored(({ operation }) =>
			operation === "HeadObject" ? head(COMPOSITE) : { ETag: "e", ObjectParts: { Parts: [partOf(0, 7)] } },
		);
		expect(await object.askCrc32(SIGNAL)).toBeUndefined();
	});

	it("is not known from a checksum of another kind, and nothing else is asked then", async () => {
		const { object, operations } = stored(() =>
			head({ ChecksumCRC64NVME: "x", ChecksumType: "FULL_OBJECT" }),
		);
		expect(await object.askCrc32(SIGNAL)).toBeUndefined();
		expect(operations()).toEqual(["HeadObject"]);
	});

	it("is not asked of a storage that keeps none", async () => {
		const { object, operations } = stored(() => head({}), "ceph");
		expect(await object.askCrc32(SIGNAL)).toBeUndefined();
		expect(operations()).toEqual([]);
	});

	it("is of no use if the object is another one by now", async () => {
		const { object } = stored(() => head({ ETag: '"other"' }));
		await expect(object.askCrc32(SIGNAL)).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			origin: "s3://b/k",
		});
	});
});
