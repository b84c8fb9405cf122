import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxPackedSize, packHeaders, unpackHeaders } from "../../../src/zip/directory/packed-headers.ts";
import { CENTRAL_DIRECTORY_HEADER_LENGTH } from "../../../src/zip/format/record-lengths.ts";
import { centralDirectoryHeader } from "../../../src/zip/format/records.ts";
import { noise } from "../../support/bytes.ts";

/** A header whose fields are anything, except for the lengths. */
function anyHeader(fixed: Uint8Array, ...fields: readonly Uint8Array[]): Uint8Array {
	const header = Buffer.concat([fixed, ...fields]);
	for (const [index, { byteLength }] of fields.entries()) header.writeUInt16LE(byteLength, 28 + 2 * index);
	return header;
}

const length = fc.oneof(
	{ weight: 8, arbitrary: fc.nat({ max: 40 }) },
	{ weight: 2, arbitrary: fc.nat({ max: 300 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 65_000, max: 65_535 }) },
);
/** All alike up to their lengths, all different, or something between. */
const bytes = (size: fc.Arbitrary<number>) =>
	fc
		.tuple(size, fc.nat({ max: 2 }), fc.nat({ max: 255 }), fc.nat())
		.map(([count, kind, byte, at]) =>
			kind === 0
				? noise(count, byte)
				: Buffer.alloc(count, 0x61).fill(byte, kind === 1 ? count : at % (count + 1)),
		);
const header = fc
	.tuple(bytes(fc.constant(CENTRAL_DIRECTORY_HEADER_LENGTH)), bytes(length), bytes(length), bytes(length))
	.map((fields) => anyHeader(...fields));

function packed(headers: Uint8Array): Uint8Array {
	const into = new Uint8Array(maxPackedSize(headers.byteLength));
	const size = packHeaders(headers, into);
	expect(size).toBeLessThanOrEqual(into.byteLength);
	return into.slice(0, size);
}

/** In memory where other bytes were before. */
function unpacked(bytes: Uint8Array, size: number): Uint8Array {
	const into = Buffer.alloc(size + 100, 0xa5);
	expect(unpackHeaders(bytes, into)).toBe(size);
	expect(into.subarray(size).every((byte) => byte === 0xa5)).toBe(true);
	return into.subarray(0, size);
}

function comesBack(headers: Uint8Array): boolean {
	return Buffer.compare(unpacked(packed(headers), headers.byteLength), headers) === 0;
}

describe("packed headers", () => {
	it("come back as they were, whatever stands in them", () => {
		fc.assert(
			fc.property(fc.array(header, { maxLength: 40 }), (headers) => {
				expect(comesBack(Buffer.concat(headers))).toBe(true);
			}),
		);
	});

	it("come back from a run of headers that are like real ones", () => {
		const entry = fc.record({
			name: fc.string({ unit: fc.constantFrom("a", "b", "/", "ä", "0"), maxLength: 100 }),
			comment: fc.string({ maxLength: 3 }),
			offset: fc.oneof(fc.nat(), fc.integer({ min: 2 ** 32 - 2, max: 2 ** 40 })),
			mtimeMs: fc.oneof(fc.nat(), fc.constant(2 ** 43)),
			size: fc.oneof(fc.nat(), fc.constant(2 ** 33)),
		});
		const central = entry.map(({ name, comment, offset, mtimeMs, size }) =>
			centralDirectoryHeader(
				{ name: Buffer.from(name), utf8: true, method: 8, mtimeMs, dataDescriptor: false, zip64: false },
				{ crc32: size % 9973, compressedSize: size, uncompressedSize: size },
				{ unixMode: 0o100_644, directory: false, comment: Buffer.from(comment), offset },
			),
		);
		fc.assert(
			fc.property(fc.array(central, { maxLength: 40 }), (headers) => {
				expect(comesBack(Buffer.concat(headers))).toBe(true);
			}),
		);
	});

	it("are nothing where there are none", () => {
		expect(packed(new Uint8Array(0)).byteLength).toBe(0);
		expect(comesBack(new Uint8Array(0))).toBe(true);
	});

	it("are at most as long as said, where no byte is like the one before", () => {
		for (const size of [0, 1, 2, 8, 9, 64, 65]) {
			const headers = Array.from({ length: 200 }, (_, index) =>
				anyHeader(Buffer.alloc(46, index), Buffer.alloc(size, index), Buffer.alloc(0), Buffer.alloc(0)),
			);
			expect(comesBack(Buffer.concat(headers))).toBe(true); // looks at the length
		}
	});

	it("take a third or less for files of a directory", () => {
		const headers = Array.from({ length: 1_000 }, (_, index) =>
			centralDirectoryHeader(
				{
					name: Buffer.from(`photos/2026/image-${index}.jpeg`),
					utf8: false,
					method: 8,
					mtimeMs: index * 60_000,
					dataDescriptor: false,
					zip64: false,
				},
				{
					crc32: noise(4, index).readUInt32LE(),
					compressedSize: 5_000 + index,
					uncompressedSize: 9_000 + index,
				},
				{ unixMode: 0o100_644, directory: false, comment: Buffer.alloc(0), offset: index * 5_100 },
			),
		);
		const plain = Buffer.concat(headers);
		expect(packed(plain).byteLength).toBeLessThan(plain.byteLength / 3);
	});
});
