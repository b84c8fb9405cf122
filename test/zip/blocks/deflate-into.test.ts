import { promisify } from "node:util";
import { constants, deflateRaw, deflateRawSync, type ZlibOptions } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { deflateInto, roomToDeflate } from "../../../src/zip/blocks/deflate-into.ts";
import { ReusableDeflate } from "../../../src/zip/blocks/reusable-deflate.ts";
import { lines, noise } from "../../support/bytes.ts";

const MANY = 300_000;

/** Compresses to two thirds, which takes zlib several blocks of its own: it gives them out one by one. */
const DIGITS = Buffer.from(noise(MANY / 2).toString("hex"));

const INPUTS = [
	["text", lines(MANY)],
	["digits", DIGITS],
	["noise", noise(MANY)],
	["one byte", Buffer.from("x")],
	["nothing", Buffer.of()],
] as const;

const WAYS: readonly (readonly [string, ZlibOptions])[] = [
	["that ends", { level: 6, memLevel: 9, finishFlush: constants.Z_FINISH }],
	[
		"that goes on, behind a dictionary",
		{ level: 1, memLevel: 9, finishFlush: constants.Z_SYNC_FLUSH, dictionary: lines(32_768) },
	],
];

describe("deflateInto", () => {
	for (const [kind, options] of WAYS) {
		it.each(INPUTS)(`makes of %s, as data ${kind}, what zlib makes of it by itself`, async (_what, input) => {
			const output = Buffer.alloc(roomToDeflate(input.byteLength));
			const data = await deflateInto(input, output, options);
			const expected = await promisify(deflateRaw)(input, options);
			expect(Buffer.from(data).equals(expected)).toBe(true);
		});
	}

	it("writes to the memory that it is given, and nowhere else", async () => {
		const memory = Buffer.alloc(10 + roomToDeflate(MANY), 7);
		const output = memory.subarray(10);
		const data = await deflateInto(DIGITS, output, { level: 6 });
		expect(data.buffer === memory.buffer).toBe(true);
		expect(Buffer.from(data).equals(deflateRawSync(DIGITS, { level: 6 }))).toBe(true);
		expect(data.byteOffset).toBe(output.byteOffset);
		expect(memory.subarray(0, 10).every((byte) => byte === 7)).toBe(true);
	});

	it("makes the same in other memory where a stream of zlib may be made otherwise", async () => {
		const output = Buffer.alloc(roomToDeflate(MANY));
		const expected = Buffer.from(await deflateInto(lines(MANY), output, { level: 6 }));
		const tried = vi.spyOn(ReusableDeflate, "isTried").mockReturnValue(false);
		try {
			const data = await deflateInto(lines(MANY), output, { level: 6 });
			expect(data.buffer === output.buffer).toBe(false);
			expect(Buffer.from(data).equals(expected)).toBe(true);
		} finally {
			tried.mockRestore();
		}
	});

	it("fails as zlib does", async () => {
		const dictionary = "no bytes" as unknown as Buffer;
		await expect(deflateInto(lines(10), Buffer.alloc(200), { dictionary })).rejects.toThrow();
	});
});
