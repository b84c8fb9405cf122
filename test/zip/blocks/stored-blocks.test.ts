import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { storedBlocks, storedBlocksSize } from "../../../src/zip/blocks/stored-blocks.ts";
import { hex, lines, noise } from "../../support/bytes.ts";

describe("storedBlocks (RFC 1951, 3.2.4)", () => {
	it("puts a header before the bytes", () => {
		expect(Buffer.from(storedBlocks(Buffer.from("abc"), true))).toEqual(hex("01", "0300", "fcff", "616263"));
		expect(Buffer.from(storedBlocks(Buffer.from("abc"), false))).toEqual(hex("00", "0300", "fcff", "616263"));
		expect(Buffer.from(storedBlocks(Buffer.of(), true))).toEqual(hex("01", "0000", "ffff"));
	});

	it.each([0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, 1_048_576])(
		"inflates to the same %d bytes",
		(size) => {
			const bytes = noise(size);
			const blocks = storedBlocks(bytes, true);
			expect(inflateRawSync(blocks).equals(bytes)).toBe(true);
			expect(blocks.byteLength).toBe(storedBlocksSize(size));
			expect(storedBlocksSize(size)).toBe(size + 5 * Math.max(1, Math.ceil(size / 65_535)));
		},
	);

	it("marks only the last of several blocks as final", () => {
		const blocks = storedBlocks(new Uint8Array(65_536), true);
		expect([blocks[0], blocks[65_540]]).toEqual([0, 1]);
	});

	it("stands between compressed data without disturbing it", () => {
		const [first, second, third] = [lines(1000), noise(70_000), lines(2000)];
		const data = Buffer.concat([
			deflateRawSync(first, { finishFlush: 2 }), // Z_SYNC_FLUSH
			storedBlocks(second, false),
			deflateRawSync(third, { dictionary: second.subarray(-32_768) }),
		]);
		expect(inflateRawSync(data).equals(Buffer.concat([first, second, third]))).toBe(true);
	});
});
