import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../src/bytes/crc32.ts";

describe("crc32", () => {
	it("is the one of the ZIP format", () => {
		expect(crc32("123456789")).toBe(0xcbf43926);
		expect(crc32(new Uint8Array(0))).toBe(0);
	});

	it("goes on from what stands before, at any border", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(2000), (bytes, at) => {
				const whole = zlibCrc32(bytes);
				expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(whole);
			}),
		);
	});
});
