import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combineCrc32 } from "../../src/bytes/combine-crc32.ts";

describe("combineCrc32", () => {
	it("gives the CRC-32 of the whole, whatever the pieces", () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
				const whole = Buffer.concat(pieces);
				expect(combineCrc32(pieces.map((piece) => ({ crc32: crc32(piece), size: piece.byteLength })))).toBe(
					crc32(whole),
				);
			}),
		);
	});

	it("takes sizes beyond 2^32 bits", () => {
		// A gigabyte of zeros does not change a CRC in two halves or in one.
		const [half, whole] = [512 * 1024 ** 2, 1024 ** 3];
		const start = { crc32: crc32(Buffer.from("start")), size: 5 };
		const zeros = (size: number) => ({ crc32: 0, size });
		expect(combineCrc32([start, zeros(half), zeros(half)])).toBe(combineCrc32([start, zeros(whole)]));
	});
});
