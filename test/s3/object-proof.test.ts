import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
	decodeCrc32,
	encodeCrc32,
	etagOfParts,
	hidesMd5,
	isComputableEtag,
	isMd5Etag,
	md5OfEtag,
	unquote,
	wholeCrc32,
} from "../../src/s3/object-proof.ts";

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";

describe("what an ETag proves", () => {
	it.each([
		[MD5, true, true],
		[`${MD5}-3`, false, true],
		[`${MD5}-`, false, false],
		[MD5.toUpperCase(), false, false],
		["0x8DDCAFE", false, false],
		["", false, false],
	])("%j: an MD5 %j, computable %j", (etag, isMd5, isComputable) => {
		expect([isMd5Etag(etag), isComputableEtag(etag)]).toEqual([isMd5, isComputable]);
	});

	it.each([
		[{}, false],
		[{ ServerSideEncryption: "AES256" }, false],
		[{ ServerSideEncryption: "aws:kms" }, true],
		[{ ServerSideEncryption: "aws:kms:dsse" }, true],
		[{ SSECustomerAlgorithm: "AES256" }, true],
	])("with the encryption %j it hides the MD5: %j", (encryption, hidden) => {
		expect(hidesMd5(encryption)).toBe(hidden);
		expect(md5OfEtag(MD5, encryption)).toBe(hidden ? undefined : MD5);
	});

	it("is that of the MD5s of the parts, where there are parts", () => {
		const parts = ["first", "second"].map((text) => createHash("md5").update(text).digest());
		const expected = createHash("md5").update(Buffer.concat(parts)).digest("hex");
		expect(etagOfParts(parts.map((md5) => md5.toString("hex")))).toBe(`${expected}-2`);
		expect(md5OfEtag(`${expected}-2`, {})).toBeUndefined();
	});

	it("stands between quotes", () => {
		expect([unquote(`"${MD5}"`), unquote(MD5), unquote(undefined)]).toEqual([MD5, MD5, undefined]);
	});
});

describe("what a CRC-32 proves", () => {
	it("is the whole only if the storage says so", () => {
		const ChecksumCRC32 = "AAAAAA==";
		expect(wholeCrc32({ ChecksumCRC32, ChecksumType: "FULL_OBJECT" })).toBe(ChecksumCRC32);
		expect(wholeCrc32({ ChecksumCRC32: `${ChecksumCRC32}-2`, ChecksumType: "COMPOSITE" })).toBeUndefined();
		expect(wholeCrc32({ ChecksumCRC32 })).toBeUndefined();
	});

	it("is written most significant byte first", () => {
		expect(encodeCrc32(0xcbf43926)).toBe("y/Q5Jg==");
		expect(decodeCrc32("y/Q5Jg==")).toBe(0xcbf43926);
	});
});
