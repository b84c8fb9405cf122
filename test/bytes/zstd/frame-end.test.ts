import { describe, expect, it } from "vitest";
import { ZstdFrameEnd } from "../../../src/bytes/zstd/frame-end.js";
import { cut, hex } from "../../support/bytes.ts";
import { HELLO_FRAME } from "../../support/zstd.ts";

/** Passes the bytes in pieces. */
function passed(bytes: Uint8Array, size: number): { used: number | undefined; reached: boolean } {
	const end = new ZstdFrameEnd();
	let used: number | undefined = 0;
	for (const piece of cut(bytes, [size])) {
		const count = end.pass(piece);
		used = count === undefined || used === undefined ? undefined : used + count;
	}
	return { used, reached: end.reached };
}

const FRAMES: readonly (readonly [string, Buffer])[] = [
	["with checksum and content size", HELLO_FRAME],
	["with a window and nothing else", hex("28b52ffd 00 58", "190000 616263")],
	["of an RLE block and a raw block", hex("28b52ffd 00 58", "020010 61", "190000 616263")],
	[
		"with a dictionary id of four bytes, and eight of size",
		hex("28b52ffd e3 01020304 0300000000000000 190000 616263"),
	],
	["of no content", hex("28b52ffd 20 00 010000")],
];

describe.each(FRAMES)("the end of a Zstandard frame %s (RFC 8878 3.1.1)", (_what, frame) => {
	it.each([1, 2, 3, 7, 1000])("is found in pieces of %d bytes", (size) => {
		expect(passed(frame, size)).toEqual({ used: frame.byteLength, reached: true });
	});

	it.each([1, 5, 1000])("is not passed by what follows, in pieces of %d bytes", (size) => {
		const more = Buffer.concat([frame, frame]);
		expect(passed(more, size)).toEqual({ used: frame.byteLength, reached: true });
	});

	it("is not reached by any part of it", () => {
		for (let size = 0; size < frame.byteLength; size++)
			expect(passed(frame.subarray(0, size), 4)).toEqual({ used: size, reached: false });
	});
});

describe("what is no Zstandard frame", () => {
	it.each([
		["another magic number", hex("28b52ffc 20 00 010000")],
		["a skippable frame", hex("502a4d18 04000000 01020304")],
		["a block of the reserved type", hex("28b52ffd 20 00 070000")],
	])("is refused: %s", (_what, bytes) => {
		expect(passed(bytes, 1).used).toBeUndefined();
		expect(passed(bytes, 100).used).toBeUndefined();
	});
});
