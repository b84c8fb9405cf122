import { describe, expect, it } from "vitest";
import { RecordWriter } from "../../../src/zip/format/record-writer.ts";
import { hex } from "../../support/bytes.ts";

describe("RecordWriter (APPNOTE 4.4.1.1)", () => {
	it("writes fields one after the other, little-endian", () => {
		const record = new RecordWriter(22)
			.u8(0x01)
			.u16(0x0203)
			.u32(0x0405_0607)
			.u64(0x0008_090a_0b0c_0d0e)
			.i32(-2)
			.raw(hex("aabbcc"));
		expect(Buffer.from(record.bytes)).toEqual(
			hex("01", "0302", "07060504", "0e0d0c0b0a090800", "feffffff", "aabbcc"),
		);
	});

	it.each(["u8", "u16", "u32", "u64"] as const)("holds the largest value of %s", (field) => {
		const [max, bytes] = {
			u8: [0xff, "ff"] as const,
			u16: [0xffff, "ffff"] as const,
			u32: [0xffff_ffff, "ffffffff"] as const,
			u64: [Number.MAX_SAFE_INTEGER, "ffffffffffff1f00"] as const,
		}[field];
		expect(Buffer.from(new RecordWriter(hex(bytes).byteLength)[field](max).bytes)).toEqual(hex(bytes));
	});

	it.each([
		["u8", 0x100],
		["u16", 0x1_0000],
		["u32", 0x1_0000_0000],
		["u64", 2 ** 53],
	] as const)("refuses what would wrap in %s: %d", (field, tooLarge) => {
		const record = new RecordWriter(8);
		for (const value of [tooLarge, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
			expect(() => record[field](value)).toThrow(RangeError);
		}
	});

	it.each([0x8000_0000, -0x8000_0001, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
		"refuses what would wrap in i32: %d",
		(value) => {
			expect(() => new RecordWriter(4).i32(value)).toThrow(RangeError);
		},
	);

	it("refuses to write past its end", () => {
		expect(() => new RecordWriter(1).u16(1)).toThrow(RangeError);
		expect(() => new RecordWriter(3).u32(1)).toThrow(RangeError);
		expect(() => new RecordWriter(7).u64(1)).toThrow(RangeError);
		expect(() => new RecordWriter(2).raw(hex("010203"))).toThrow(RangeError);
	});
});
