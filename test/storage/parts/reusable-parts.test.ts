import { describe, expect, it } from "vitest";
import { hashPart } from "../../../src/storage/parts/completed-part.ts";
import { ReusableParts } from "../../../src/storage/parts/reusable-parts.ts";

const BYTES = Buffer.from("the very bytes");
const SIZE = BYTES.byteLength;
const MD5 = hashPart(BYTES, "md5");
const CRC32 = hashPart(BYTES, "crc32");
const etag = MD5.kind === "md5" ? MD5.hex : "";
const crc32 = CRC32.kind === "crc32" ? CRC32.base64 : "";

/** An upload that holds parts 1 and 2 of the same bytes. */
function reusable(listed: { readonly etag: string; readonly crc32?: string }, sse?: string): ReusableParts {
	const part = (partNumber: number) =>
		[partNumber, { partNumber, size: SIZE, crc32: undefined, lastModified: undefined, ...listed }] as const;
	return new ReusableParts({ parts: new Map([part(1), part(2)]) }, sse);
}
const completed = (partNumber: number, size = SIZE, md5: string | undefined = etag) => ({
	partNumber,
	size,
	etag: "e",
	crc32: undefined,
	md5,
});

describe("ReusableParts", () => {
	it("finds a part of these very bytes by its MD5, or by its CRC-32", () => {
		expect(reusable({ etag }).find(2, SIZE, MD5)).toEqual({ ...completed(2), etag, md5: etag });
		expect(reusable({ etag: "opaque", crc32 }).find(2, SIZE, CRC32)).toMatchObject({ etag: "opaque", crc32 });
	});

	it.each([
		["another number", reusable({ etag }), 3, SIZE],
		["another size", reusable({ etag }), 1, SIZE + 1],
		["another hash", reusable({ etag: "0".repeat(32) }), 1, SIZE],
		["nothing to resume", new ReusableParts(undefined, undefined), 1, SIZE],
	])("finds none with %s", (_, parts, partNumber, size) => {
		expect(parts.find(partNumber, size, MD5)).toBeUndefined();
	});

	it("has the first part sent again where only the answer tells the encryption", () => {
		const parts = reusable({ etag }, "AES256");
		expect(parts.find(1, SIZE, MD5)).toBeUndefined();
		expect(parts.find(2, SIZE, MD5)).toBeDefined();
	});

	it("refuses an upload that was begun with another encryption", () => {
		const check = () => reusable({ etag }, "aws:kms").checkSent(completed(1), "AES256");
		expect(check).toThrow("started with AES256 encryption, not aws:kms");
	});

	it("tells of a part that was sent only because it cannot be compared", () => {
		const parts = reusable({ etag: "opaque" });
		const opaque = { ...completed(1), md5: undefined };
		expect(parts.checkSent(opaque, undefined)).toBe(true);
		expect(parts.checkSent(completed(1), undefined)).toBe(false);
		expect(parts.checkSent({ ...opaque, size: SIZE + 1 }, undefined)).toBe(false);
		expect(new ReusableParts(undefined, undefined).checkSent(opaque, undefined)).toBe(false);
	});

	it("counts what the upload holds by then, each part once", () => {
		expect(reusable({ etag }).heldWith([completed(2, 5), completed(7, 1)])).toEqual({
			partCount: 3,
			size: SIZE + 5 + 1,
		});
	});
});
