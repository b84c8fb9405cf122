import { describe, expect, it } from "vitest";
import { dataDescriptorLength, timestampLength } from "../../../src/zip/format/record-lengths.ts";
import {
	type CentralDetails,
	centralDirectoryHeader,
	DEFLATED,
	dataDescriptor,
	type EntryHeader,
	localFileHeader,
	NO_TOTALS,
	STORED,
} from "../../../src/zip/format/records.ts";
import { hex } from "../../support/bytes.ts";

// 2024-02-29 12:34:56 UTC: MS-DOS date 0x585d, time 0x645c; Unix 0x65e079f0.
const MTIME_MS = Date.UTC(2024, 1, 29, 12, 34, 56);
const UT = "5554 0500 01 f079e065";

const HEADER: EntryHeader = {
	name: Buffer.from("a/b"),
	utf8: false,
	method: DEFLATED,
	mtimeMs: MTIME_MS,
	dataDescriptor: false,
	zip64: false,
};
const TOTALS = { crc32: 0xcafe_babe, compressedSize: 0x0102, uncompressedSize: 0x0304 };

function written(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

function expected(...fields: readonly string[]): string {
	return hex(...fields).toString("hex");
}

describe("localFileHeader (APPNOTE 4.3.7)", () => {
	it("carries CRC-32 and sizes that are known", () => {
		expect(written(localFileHeader(HEADER, TOTALS))).toBe(
			expected(
				"504b0304", // signature
				"1400", // version needed
				"0000", // flags
				"0800", // method
				"5c64 5d58", // time, date
				"bebafeca", // crc-32
				"02010000 04030000", // compressed size, uncompressed size
				"0300 0900", // name length, extra length
				"612f62",
				UT,
			),
		);
	});

	it("leaves zeros for what the data descriptor will say", () => {
		const header = { ...HEADER, dataDescriptor: true, utf8: true, name: Buffer.from("é") };
		expect(written(localFileHeader(header, NO_TOTALS))).toBe(
			expected(
				"504b0304 1400",
				"0808", // flags: bits 3 and 11
				"0800 5c64 5d58",
				"00000000", // crc-32
				"00000000 00000000", // sizes
				"0200 0900",
				"c3a9",
				UT,
			),
		);
	});

	it("announces 8-byte sizes with a ZIP64 extra field, and says in it what is known", () => {
		const header = { ...HEADER, method: STORED, dataDescriptor: true, zip64: true } as const;
		const known = { crc32: 0, compressedSize: 0x1_0000_0000, uncompressedSize: 0x1_0000_0000 };
		const until = [
			"504b0304",
			"2d00",
			"0800",
			"0000",
			"5c64 5d58",
			"00000000",
			"ffffffff ffffffff",
			"0300 1d00",
			"612f62",
		];
		expect(written(localFileHeader(header, known))).toBe(
			expected(...until, "0100 1000", "0000000001000000", "0000000001000000", UT),
		);
		expect(written(localFileHeader(header, NO_TOTALS))).toBe(
			expected(...until, "0100 1000", "0000000000000000", "0000000000000000", UT),
		);
	});

	it("has no extended timestamp for a time that does not fit it", () => {
		const header = { ...HEADER, mtimeMs: Date.UTC(2039, 0, 1) };
		expect(written(localFileHeader(header, TOTALS))).toBe(
			expected("504b0304 1400 0000 0800", "0000 2176", "bebafeca 02010000 04030000", "0300 0000", "612f62"),
		);
		expect(timestampLength(header.mtimeMs)).toBe(0);
		expect(timestampLength(MTIME_MS)).toBe(9);
	});

	it.each([
		["a size", HEADER, { ...TOTALS, compressedSize: 0x1_0000_0000 }],
		["a name", { ...HEADER, name: new Uint8Array(65_536) }, TOTALS],
		["a CRC-32", HEADER, { ...TOTALS, crc32: -1 }],
	])("refuses %s that would wrap", (_what, header, totals) => {
		expect(() => localFileHeader(header, totals)).toThrow(RangeError);
	});
});

describe("dataDescriptor (APPNOTE 4.3.9)", () => {
	it("has 4-byte sizes without ZIP64", () => {
		const bytes = dataDescriptor({ ...HEADER, zip64: false }, TOTALS);
		expect(written(bytes)).toBe(expected("504b0708", "bebafeca", "02010000", "04030000"));
		expect(bytes.byteLength).toBe(dataDescriptorLength(false));
	});

	it("has 8-byte sizes with ZIP64, even where 4 would do", () => {
		const bytes = dataDescriptor({ ...HEADER, zip64: true }, TOTALS);
		expect(written(bytes)).toBe(expected("504b0708", "bebafeca", "0201000000000000", "0403000000000000"));
		expect(bytes.byteLength).toBe(dataDescriptorLength(true));
	});

	it("refuses sizes that would wrap", () => {
		const totals = { ...TOTALS, uncompressedSize: 0x1_0000_0000 };
		expect(() => dataDescriptor({ ...HEADER, zip64: false }, totals)).toThrow(RangeError);
	});
});

const DETAILS: CentralDetails = {
	unixMode: 0o100_644,
	directory: false,
	comment: Buffer.from("note"),
	offset: 0x0506,
};

describe("centralDirectoryHeader (APPNOTE 4.3.12)", () => {
	it("repeats the local header and adds what only the directory says", () => {
		expect(written(centralDirectoryHeader(HEADER, TOTALS, DETAILS))).toBe(
			expected(
				"504b0102", // signature
				"3f03", // version made by: Unix, 6.3
				"1400 0000 0800", // version needed, flags, method
				"5c64 5d58", // time, date
				"bebafeca", // crc-32
				"02010000 04030000", // compressed size, uncompressed size
				"0300 0900 0400", // lengths: name, extra, comment
				"0000 0000", // disk number, internal attributes
				"0000 a481", // external attributes: MS-DOS, Unix mode 0100644
				"06050000", // offset
				"612f62",
				UT,
				"6e6f7465",
			),
		);
	});

	it("marks a directory for MS-DOS and Unix", () => {
		const header = { ...HEADER, method: STORED, name: Buffer.from("d/") } as const;
		const details = { ...DETAILS, unixMode: 0o040_755, directory: true, comment: new Uint8Array(0) };
		const bytes = centralDirectoryHeader(header, NO_TOTALS, details);
		expect(written(bytes.subarray(38, 42))).toBe("1000ed41");
	});

	const MAX = 0xffff_ffff;
	it.each([
		["nothing", MAX - 1, MAX - 1, MAX - 1, "feffffff feffffff", "feffffff", "", "1400"],
		[
			"the uncompressed size",
			5,
			MAX,
			7,
			"05000000 ffffffff",
			"07000000",
			"0100 0800 ffffffff00000000",
			"2d00",
		],
		["the compressed size", MAX, 5, 7, "ffffffff 05000000", "07000000", "0100 0800 ffffffff00000000", "2d00"],
		["the offset", 5, 6, 2 ** 33, "05000000 06000000", "ffffffff", "0100 0800 0000000002000000", "2d00"],
		[
			"uncompressed size and offset",
			5,
			2 ** 32,
			2 ** 33,
			"05000000 ffffffff",
			"ffffffff",
			"0100 1000 0000000001000000 0000000002000000",
			"2d00",
		],
		[
			"all three, in the order of 4.5.3",
			2 ** 34,
			2 ** 32,
			2 ** 33,
			"ffffffff ffffffff",
			"ffffffff",
			"0100 1800 0000000001000000 0000000004000000 0000000002000000",
			"2d00",
		],
	])(
		"puts %s into ZIP64",
		(_what, compressedSize, uncompressedSize, offset, sizes, offset32, zip64, version) => {
			const details = { ...DETAILS, comment: new Uint8Array(0), offset };
			const bytes = centralDirectoryHeader(HEADER, { crc32: 1, compressedSize, uncompressedSize }, details);
			expect(written(bytes.subarray(6, 8))).toBe(version);
			expect(written(bytes.subarray(20, 28))).toBe(expected(sizes));
			expect(written(bytes.subarray(42, 46))).toBe(offset32);
			expect(written(bytes.subarray(49))).toBe(expected(zip64, UT));
			expect(bytes[30]).toBe(hex(zip64, UT).byteLength);
		},
	);

	it("needs version 4.5 if the local header has ZIP64, even where the sizes turn out small", () => {
		const bytes = centralDirectoryHeader({ ...HEADER, zip64: true }, TOTALS, DETAILS);
		expect(written(bytes.subarray(6, 8))).toBe("2d00");
		expect(written(bytes.subarray(49, 58))).toBe(expected(UT));
	});

	it("refuses a comment that would wrap", () => {
		const details = { ...DETAILS, comment: new Uint8Array(65_536) };
		expect(() => centralDirectoryHeader(HEADER, TOTALS, details)).toThrow(RangeError);
	});
});
