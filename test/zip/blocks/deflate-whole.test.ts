import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { deflateWhole } from "../../../src/zip/blocks/deflate-whole.js";
import { lines, noise } from "../../support/bytes.ts";

describe("deflateWhole", () => {
	it.each([0, 1, 62, 63, 126, 250, 251, 762, 1022, 1023, 4096, 16_382, 16_383, 32_506, 32_507, 32_768])(
		"makes of %d bytes what zlib makes of them by itself",
		(size) => {
			for (const level of [1, 6, 9]) {
				for (const bytes of [lines(40_000).subarray(0, size), noise(size)]) {
					const expected = deflateRawSync(bytes, { level });
					expect(Buffer.compare(deflateWhole(bytes, level), expected)).toBe(0);
				}
			}
		},
	);
});
