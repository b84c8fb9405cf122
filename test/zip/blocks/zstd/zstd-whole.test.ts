import { describe, expect, it } from "vitest";
import { decompressFrame } from "../../../../src/bytes/zstd/decompress-frame.js";
import { zstdWhole, zstdWholeElsewhere } from "../../../../src/zip/blocks/zstd/zstd-whole.js";
import { lines, noise } from "../../../support/bytes.ts";
import { hasZstd, IF_ZSTD } from "../../../support/zstd.ts";

describe.skipIf(!hasZstd)(`zstdWhole${IF_ZSTD}`, () => {
	it.each([1, 128 * 1024, 300_000, 1024 * 1024])(
		"makes the same of %d bytes in another thread",
		async (size) => {
			for (const content of [lines(size), noise(size)]) {
				const here = zstdWhole(content, 3);
				expect(here.equals(await zstdWholeElsewhere(content, 3))).toBe(true);
				const { output, used } = decompressFrame(here, size);
				expect(used).toBe(here.byteLength);
				expect(output.equals(content)).toBe(true);
			}
		},
	);

	it("says in the frame how many bytes it holds", () => {
		const [, , , , descriptor = 0, size] = zstdWhole(lines(200), 3);
		expect([descriptor >> 5, size]).toEqual([1, 200]); // a single segment, and a size of one byte
	});
});
