import { describe, expect, it } from "vitest";
import { BufferPool } from "../../src/bytes/buffer-pool.ts";
import { KiB } from "../../src/bytes/units.ts";

const SIZE = 128 * KiB;

describe("BufferPool", () => {
	it("gives out what was given back, once", () => {
		const pool = new BufferPool([SIZE], 2);
		const buffer = pool.take(SIZE);
		pool.give(buffer);
		expect(pool.take(SIZE)).toBe(buffer);
		expect(pool.take(SIZE)).not.toBe(buffer);
	});

	it("makes buffers of other sizes for the moment only", () => {
		const pool = new BufferPool([SIZE], 2);
		const other = pool.take(SIZE - 1);
		expect(other.byteLength).toBe(SIZE - 1);
		pool.give(other);
		expect(pool.take(SIZE - 1)).not.toBe(other);
		expect(pool.take(SIZE).byteLength).toBe(SIZE);
	});

	it("keeps no more than it may", () => {
		const pool = new BufferPool([SIZE], 1);
		const [first, second] = [pool.take(SIZE), pool.take(SIZE)];
		pool.give(first);
		pool.give(second);
		expect(pool.take(SIZE)).toBe(first);
		expect(pool.take(SIZE)).not.toBe(second);
	});

	it("takes a buffer back once, by any part of it", () => {
		const pool = new BufferPool([SIZE], 2);
		const buffer = pool.take(SIZE);
		pool.give(buffer.subarray(10, 20));
		pool.give(buffer);
		expect(pool.take(SIZE)).toBe(buffer);
		expect(pool.take(SIZE).buffer).not.toBe(buffer.buffer);
	});

	it("cuts other sizes from the next larger one where it rounds up, and gives that out again", () => {
		const pool = new BufferPool([2 * SIZE, SIZE], 2, { roundsUp: true });
		const [odd, large] = [pool.take(SIZE - 1), pool.take(SIZE + 1)];
		expect([odd.byteLength, large.byteLength]).toEqual([SIZE - 1, SIZE + 1]);
		expect([odd, large].map(({ buffer }) => buffer.byteLength)).toEqual([SIZE, 2 * SIZE]);
		pool.give(odd);
		pool.give(large);
		expect(pool.take(SIZE - 100).buffer).toBe(odd.buffer);
		expect(pool.take(2 * SIZE).buffer).toBe(large.buffer);
		expect(pool.take(2 * SIZE + 1).buffer.byteLength).toBe(2 * SIZE + 1);
	});

	it("cuts small buffers from common memory, none twice", () => {
		const pool = new BufferPool([SIZE], 1);
		const buffers = Array.from({ length: 1_000 }, (_, index) => pool.take(1 + index).fill(index % 251));
		for (const [index, buffer] of buffers.entries()) {
			expect(buffer.byteLength).toBe(1 + index);
			expect(buffer.every((byte) => byte === index % 251)).toBe(true);
		}
		expect(new Set(buffers.map(({ buffer }) => buffer)).size).toBe(1);
	});

	it("cuts memory anew only when all that was cut from it has been given back", () => {
		const pool = new BufferPool([SIZE], 1);
		const inUse = new Map<Uint8Array, number>();
		const memory = new Set<ArrayBufferLike>();
		for (let round = 0; round < 2_000; round++) {
			const buffer = pool.take(1 + (round % 9_000)).fill(round % 251);
			inUse.set(buffer, round % 251);
			memory.add(buffer.buffer);
			if (inUse.size < 100) continue;
			const [oldest = buffer] = inUse.keys();
			expect(oldest.every((byte) => byte === inUse.get(oldest))).toBe(true);
			inUse.delete(oldest);
			pool.give(oldest);
		}
		expect(memory.size).toBeLessThan(5);
	});

	it("leaves memory alone of which something is never given back", () => {
		const pool = new BufferPool([SIZE], 1);
		const kept = pool.take(1_000).fill(7);
		for (let round = 0; round < 2_000; round++) pool.give(pool.take(1_000).fill(round % 7));
		expect(kept.every((byte) => byte === 7)).toBe(true);
	});
});
