import { describe, expect, it } from "vitest";
import { encodeCrc32 } from "../../../src/s3/object-proof.ts";
import { getPartChecksums } from "../../../src/s3/objects/checksums/part-checksums.ts";
import { refusal, type SentRequest, scriptedStorage } from "./scripted-storage.ts";

const OBJECT = { bucket: "b", key: "k" };
const part = (crc32: number, Size: number) => ({ ChecksumCRC32: encodeCrc32(crc32), Size });

function ask(answer: (request: SentRequest, count: number) => unknown) {
	const { connection, requests } = scriptedStorage(answer, "aws");
	return { checksums: getPartChecksums(connection, OBJECT, "etag-2", { retryTimeMs: 0 }), requests };
}

describe("getPartChecksums", () => {
	it("gives the CRC-32s and sizes of all parts, page after page", async () => {
		const { checksums, requests } = ask((_request, count) => ({
			ETag: "etag-2", // without quotes, unlike everywhere else
			ObjectParts:
				count === 1
					? { Parts: [part(1, 10)], IsTruncated: true, NextPartNumberMarker: "1" }
					: { Parts: [part(2, 20)], IsTruncated: false, NextPartNumberMarker: "2" },
		}));
		expect(await checksums).toEqual([
			{ crc32: 1, size: 10 },
			{ crc32: 2, size: 20 },
		]);
		expect(requests.map(({ input }) => input["PartNumberMarker"])).toEqual([undefined, "1"]);
	});

	it.each([
		["another object is there", () => ({ ETag: "other", ObjectParts: { Parts: [part(1, 10)] } })],
		["the parts have other checksums", () => ({ ETag: "etag-2", ObjectParts: { Parts: [{ Size: 10 }] } })],
		["the storage names no parts", () => ({ ETag: "etag-2", ObjectParts: { TotalPartsCount: 2 } })],
		[
			"the list does not get on",
			() => ({ ETag: "etag-2", ObjectParts: { Parts: [], IsTruncated: true, NextPartNumberMarker: "1" } }),
		],
		["the credentials lack the permission", () => refusal(403, "AccessDenied")],
		["the object is gone", () => refusal(404, "NoSuchKey")],
		["the storage does not know the request", () => refusal(501, "NotImplemented")],
	])("gives nothing if %s", async (_what, answer) => {
		expect(await ask(answer).checksums).toBeUndefined();
	});

	it("fails as every request does otherwise", async () => {
		await expect(ask(() => refusal(500, "InternalError")).checksums).rejects.toMatchObject({
			name: "StorageError",
		});
	});
});
