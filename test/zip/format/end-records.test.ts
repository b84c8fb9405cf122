import { describe, expect, it } from "vitest";
import { endOfCentralDirectory, needsZip64End } from "../../../src/zip/format/records.ts";
import { hex } from "../../support/bytes.ts";

function written(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

function expected(...fields: readonly string[]): string {
	return hex(...fields).toString("hex");
}

describe("endOfCentralDirectory (APPNOTE 4.3.16)", () => {
	it("closes an empty archive with 22 bytes", () => {
		const bytes = endOfCentralDirectory({ entryCount: 0, size: 0, offset: 0 }, new Uint8Array(0));
		expect(written(bytes)).toBe(
			expected("504b0506", "0000 0000", "0000 0000", "00000000", "00000000", "0000"),
		);
	});

	it("stays within 16 and 32 bits as long as they hold the totals", () => {
		const totals = { entryCount: 65_534, size: 0xffff_fffe, offset: 0xffff_fffe };
		expect(written(endOfCentralDirectory(totals, Buffer.from("hi")))).toBe(
			expected("504b0506", "0000 0000", "feff feff", "feffffff", "feffffff", "0200", "6869"),
		);
	});

	it.each([
		[
			"65,535 entries",
			{ entryCount: 65_535, size: 0x10, offset: 0x20 },
			["ffff000000000000", "1000000000000000", "2000000000000000", "3000000000000000"],
			"ffff ffff 10000000 20000000",
		],
		[
			"a directory of 0xFFFFFFFF bytes",
			{ entryCount: 1, size: 0xffff_ffff, offset: 1 },
			["0100000000000000", "ffffffff00000000", "0100000000000000", "0000000001000000"],
			"0100 0100 ffffffff 01000000",
		],
		[
			"a directory at 0xFFFFFFFF",
			{ entryCount: 1, size: 1, offset: 0xffff_ffff },
			["0100000000000000", "0100000000000000", "ffffffff00000000", "0000000001000000"],
			"0100 0100 01000000 ffffffff",
		],
	])("puts a ZIP64 record and locator in front for %s (4.3.14, 4.3.15)", (_what, totals, wide, narrow) => {
		const [count = "", size = "", offset = "", recordOffset = ""] = wide;
		expect(written(endOfCentralDirectory(totals, Buffer.from("hi")))).toBe(
			expected(
				"504b0606", // zip64 end record
				"2c00000000000000", // size of the rest
				"3f03 2d00", // version made by, version needed
				"00000000 00000000", // disks
				count, // entries on this disk
				count,
				size,
				offset,
				"504b0607", // locator
				"00000000",
				recordOffset,
				"01000000",
				"504b0506 0000 0000",
				narrow,
				"0200 6869",
			),
		);
	});

	it("needs ZIP64 from the values that are the sign for it", () => {
		const small = { entryCount: 65_534, size: 0xffff_fffe, offset: 0xffff_fffe };
		expect(needsZip64End(small)).toBe(false);
		expect(needsZip64End({ ...small, entryCount: 65_535 })).toBe(true);
		expect(needsZip64End({ ...small, size: 0xffff_ffff })).toBe(true);
		expect(needsZip64End({ ...small, offset: 0xffff_ffff })).toBe(true);
	});
});
