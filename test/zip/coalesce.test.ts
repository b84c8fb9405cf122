import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coalesce } from "../../src/zip/coalesce.ts";
import { noise } from "../support/bytes.ts";

async function* chunksOf(
	sizes: readonly number[],
	result = "result",
): AsyncGenerator<Iterable<Uint8Array>, string, void> {
	for (const [seed, size] of sizes.entries()) yield [noise(size, seed)];
	return result;
}

describe("coalesce", () => {
	it("joins small chunks, and lets large ones pass as they are", async () => {
		const sizes: number[] = [];
		for await (const chunk of coalesce(chunksOf([3, 4, 4, 1, 50, 2, 10, 0, 1]), 10))
			sizes.push(chunk.byteLength);
		expect(sizes).toEqual([7, 5, 50, 2, 10, 1]);
	});

	it("changes no byte, gives no empty chunk, and none that stays small beside a small one", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }),
				fc.integer({ min: 1, max: 30 }),
				async (sizes, size) => {
					const chunks: Uint8Array[] = [];
					for await (const chunk of coalesce(chunksOf(sizes), size)) chunks.push(Buffer.from(chunk));
					const expected = Buffer.concat(sizes.map((length, seed) => noise(length, seed)));
					expect(Buffer.concat(chunks).equals(expected)).toBe(true);
					for (const [index, chunk] of chunks.entries()) {
						expect(chunk.byteLength).toBeGreaterThan(0);
						const next = chunks[index + 1];
						if (next !== undefined) expect(chunk.byteLength + next.byteLength).toBeGreaterThan(size);
					}
				},
			),
		);
	});

	it("does not touch a chunk that it has given away", async () => {
		const chunks: { chunk: Uint8Array; copy: Uint8Array }[] = [];
		for await (const chunk of coalesce(chunksOf([6, 6, 6, 6]), 10))
			chunks.push({ chunk, copy: chunk.slice() });
		for (const { chunk, copy } of chunks) expect(Buffer.from(chunk)).toEqual(Buffer.from(copy));
	});

	it("gives back what it has copied, as soon as it has, and nothing that it has passed on", async () => {
		const copied: number[] = [];
		const passed: number[] = [];
		const chunks = coalesce(chunksOf([3, 4, 50, 2]), 10, { reusable: true }, (chunk) => {
			copied.push(chunk.byteLength);
			chunk.fill(0);
		});
		const joined: Uint8Array[] = [];
		for await (const chunk of chunks) {
			passed.push(chunk.byteLength);
			joined.push(Buffer.from(chunk));
		}
		expect(copied).toEqual([3, 4, 2]);
		expect(passed).toEqual([7, 50, 2]);
		const expected = [3, 4, 50, 2].map((length, seed) => noise(length, seed));
		expect(Buffer.concat(joined).equals(Buffer.concat(expected))).toBe(true);
	});

	it("passes on the return value", async () => {
		const chunks = coalesce(chunksOf([1], "totals"), 10);
		await chunks.next();
		expect(await chunks.next()).toEqual({ value: "totals", done: true });
	});

	it("takes no more than it needs for the chunk that is asked for", async () => {
		let taken = 0;
		async function* source() {
			for (; taken < 100; taken++) yield [new Uint8Array(6)];
		}
		const chunks = coalesce(source(), 10);
		expect(taken).toBe(0);
		await chunks.next();
		expect(taken).toBe(1); // the second is on its way out
		await chunks.return();
	});

	it("stops its source when it is stopped, and passes its failure on", async () => {
		let closed = false;
		async function* source() {
			try {
				for (;;) yield [new Uint8Array(6)];
			} finally {
				closed = true;
			}
		}
		for await (const _ of coalesce(source(), 10)) break;
		expect(closed).toBe(true);

		const failure = new Error("source");
		async function* failing(): AsyncGenerator<Iterable<Uint8Array>, void, void> {
			yield [new Uint8Array(1)];
			throw failure;
		}
		await expect(coalesce(failing(), 10).next()).rejects.toBe(failure);
	});
});
