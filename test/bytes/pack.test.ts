import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pack } from "../../src/bytes/pack.ts";
import { noise } from "../support/bytes.ts";

const KiB = 1024;

/** Batches of chunks in the same memory, as a source may give them. */
async function* inOneMemory(sizes: readonly (readonly number[])[]) {
	const memory = Buffer.alloc(200 * KiB);
	for (const batch of sizes)
		yield (function* () {
			for (const size of batch) {
				const chunk = memory.subarray(0, size);
				chunk.set(noise(size, size));
				yield chunk;
			}
		})();
}

async function* endless() {
	for (;;) yield [noise(10 * KiB)];
}

describe("pack", () => {
	it("gives chunks that are full, and stay as they are, whatever the source does with its memory", async () => {
		const size = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 200 * KiB }));
		await fc.assert(
			fc.asyncProperty(fc.array(fc.array(size, { maxLength: 4 }), { maxLength: 4 }), async (sizes) => {
				const chunks: Uint8Array[] = [];
				for await (const chunk of pack(inOneMemory(sizes))) chunks.push(chunk);
				const expected = Buffer.concat(sizes.flat().map((length) => noise(length, length)));
				expect(Buffer.concat(chunks).equals(expected)).toBe(true);
				for (const chunk of chunks.slice(0, -1)) expect([16 * KiB, 64 * KiB]).toContain(chunk.byteLength);
				expect(chunks.at(-1)?.byteLength).not.toBe(0);
			}),
			{ numRuns: 30 },
		);
	});

	it("takes less for each the more of them wait, and as much as before when they have ended", async () => {
		const waiting = Array.from({ length: 500 }, () => pack(endless()));
		let taken = 0;
		for (const one of waiting) taken += (await one.next()).value?.buffer.byteLength ?? 0;
		expect(taken).toBeLessThan(12 * 1024 * KiB);
		for (const one of waiting) await one.return();
		const after = pack(endless());
		expect((await after.next()).value).toHaveLength(64 * KiB);
		await after.return();
	});

	it("ends its source when it is ended, and fails as it does", async () => {
		let ended = false;
		async function* source() {
			try {
				yield [noise(100 * KiB)];
				throw new Error("broken");
			} finally {
				ended = true;
			}
		}
		const stopped = pack(source());
		await stopped.next();
		await stopped.return();
		expect(ended).toBe(true);
		const failing = pack(source());
		await failing.next();
		await expect(failing.next()).rejects.toThrow("broken");
	});
});
