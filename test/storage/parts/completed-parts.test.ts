import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../../src/bytes/crc32.ts";
import { encodeCrc32 } from "../../../src/s3/object-proof.ts";
import type { CompletedPart } from "../../../src/storage/parts/completed-part.ts";
import { CompletedParts } from "../../../src/storage/parts/completed-parts.ts";
import { noise } from "../../support/bytes.ts";

const whole = noise(10_000);
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes);

/** A part of the whole, as a storage with both kinds of hash would confirm it. */
function part(partNumber: number, start: number, end: number): CompletedPart {
	const bytes = whole.subarray(start, end);
	const hex = md5(bytes).digest("hex");
	return { partNumber, size: bytes.byteLength, etag: hex, crc32: encodeCrc32(crc32(bytes)), md5: hex };
}

const FIRST = part(1, 0, 6_000);
const SECOND = part(2, 6_000, 9_999);
const THIRD = part(3, 9_999, 10_000);

describe("CompletedParts", () => {
	const parts = new CompletedParts([THIRD, FIRST, SECOND]);

	it("gives them by number, whatever the order in which they were completed", () => {
		expect(parts.inOrder).toEqual([FIRST, SECOND, THIRD]);
		expect(parts).toMatchObject({ count: 3, size: whole.byteLength });
	});

	it("knows the ETag that the object has to get", () => {
		const binary = [FIRST, SECOND, THIRD].map(({ etag }) => Buffer.from(etag, "hex"));
		expect(parts.etag).toBe(`${md5(Buffer.concat(binary)).digest("hex")}-3`);
	});

	it("knows the CRC-32 of the whole from those of the parts", () => {
		expect(parts.crc32).toBe(encodeCrc32(crc32(whole)));
	});

	it("knows neither if a part does not have it", () => {
		const opaque = new CompletedParts([FIRST, { ...SECOND, md5: undefined, crc32: undefined }]);
		expect(opaque.etag).toBeUndefined();
		expect(opaque.crc32).toBeUndefined();
	});

	it("takes the last of two parts of one number, and counts its bytes once", () => {
		const twice = new CompletedParts([FIRST, SECOND, part(2, 6_000, 10_000)]);
		expect(twice).toMatchObject({ count: 2, size: whole.byteLength });
	});
});

describe("CompletedParts as JSON", () => {
	const written = JSON.stringify(new CompletedParts([SECOND, { ...FIRST, crc32: undefined }, THIRD]));

	it("comes back as it was", () => {
		const read = CompletedParts.fromJSON(JSON.parse(written));
		expect(read.inOrder).toEqual([{ ...FIRST, crc32: undefined }, SECOND, THIRD]);
		expect(JSON.stringify(read)).toBe(written);
	});

	it("of no parts comes back as well", () => {
		expect(CompletedParts.fromJSON(JSON.parse(JSON.stringify(new CompletedParts()))).count).toBe(0);
	});

	it.each([
		["nothing", undefined],
		["null", null],
		["another version", { version: 2, parts: [] }],
		["no parts", { version: 1 }],
	])("is refused if it is %s", (_, json) => {
		expect(() => CompletedParts.fromJSON(json)).toThrow("not completed parts of version 1");
	});

	it.each([
		["partNumber", 0],
		["partNumber", 1.5],
		["partNumber", "1"],
		["size", -1],
		["size", undefined],
		["etag", ""],
		["etag", undefined],
		["crc32", "abcd"],
		["crc32", "AAAAAB=="],
		["md5", FIRST.md5?.toUpperCase()],
	])("is refused if a part has the %s %j, and says which", (name, value) => {
		const json = { version: 1, parts: [FIRST, { ...SECOND, [name]: value }] };
		expect(() => CompletedParts.fromJSON(json)).toThrow(`at index 1 has the ${name} `);
	});

	it.each([[null], ["part"]])("is refused if a part is %j", (value) => {
		expect(() => CompletedParts.fromJSON({ version: 1, parts: [value] })).toThrow("at index 0");
	});

	it("is refused if a part occurs twice", () => {
		const json = { version: 1, parts: [FIRST, SECOND, FIRST] };
		expect(() => CompletedParts.fromJSON(json)).toThrow("part 1 occurs twice");
	});
});
