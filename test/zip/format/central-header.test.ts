import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { movedHeader, readCentralHeader, saysZip64 } from "../../../src/zip/format/central-header.ts";
import { centralDirectoryHeader, DEFLATED, type EntryHeader, ZSTD } from "../../../src/zip/format/records.ts";

const size = fc.oneof(
	fc.nat(),
	fc.constantFrom(0, 0xffff_fffe, 0xffff_ffff, 0x1_0000_0000),
	fc.maxSafeNat().map((number) => number % 2 ** 48),
);

const described = fc.record({
	offset: size,
	compressedSize: size,
	uncompressedSize: size,
	crc32: fc.nat(0xffff_ffff),
	name: fc.uint8Array({ minLength: 1, maxLength: 30 }),
	comment: fc.uint8Array({ maxLength: 10 }),
	mtimeMs: fc.constantFrom(0, Date.UTC(2024, 1, 29), Date.UTC(1900, 0, 1)),
	zip64: fc.boolean(),
	unixMode: fc.nat(0xffff),
	method: fc.constantFrom(DEFLATED, ZSTD),
});

type Described = typeof described extends fc.Arbitrary<infer Value> ? Value : never;

function headerOf(entry: Described, offset: number): Uint8Array {
	const { name, method, mtimeMs, comment, unixMode, crc32, compressedSize, uncompressedSize } = entry;
	const zip64 = entry.zip64 && uncompressedSize >= 0xffff_ffff;
	const header: EntryHeader = { name, utf8: false, method, mtimeMs, dataDescriptor: true, zip64 };
	const totals = { crc32, compressedSize, uncompressedSize };
	return centralDirectoryHeader(header, totals, { unixMode, directory: false, comment, offset });
}

describe("central directory headers", () => {
	it("are read as they were written", () => {
		fc.assert(
			fc.property(described, (entry) => {
				const { name, method, crc32, compressedSize, uncompressedSize, unixMode, offset } = entry;
				const large = Math.max(compressedSize, uncompressedSize, offset) >= 0xffff_ffff;
				const header = headerOf(entry, offset);
				expect(readCentralHeader(header)).toEqual({
					...{ name, method, crc32, compressedSize, uncompressedSize, unixMode, offset },
					zip64: large,
				});
				expect(saysZip64(header)).toBe(large);
			}),
		);
	});

	it("are moved to what they would have been at the new place", () => {
		fc.assert(
			fc.property(described, size, (entry, distance) => {
				const header = headerOf(entry, entry.offset);
				const before = Buffer.from(header);
				const expected = Buffer.from(headerOf(entry, entry.offset + distance));
				expect(Buffer.from(movedHeader(header, distance)).equals(expected)).toBe(true);
				expect(before.equals(header)).toBe(true);
			}),
			{ numRuns: 1000 },
		);
	});
});
