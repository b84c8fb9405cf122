import { describe, expect, it } from "vitest";
import { BufferPool } from "../../src/zip/buffer-pool.ts";

describe("BufferPool", () => {
	it("gives out what was given back, once", () => {
		const pool = new BufferPool(8, 2);
		const buffer = pool.take(8);
		pool.give(buffer);
		expect(pool.take(8)).toBe(buffer);
		expect(pool.take(8)).not.toBe(buffer);
	});

	it("makes buffers of other sizes for the moment only", () => {
		const pool = new BufferPool(8, 2);
		const small = pool.take(3);
		expect(small.byteLength).toBe(3);
		pool.give(small);
		expect(pool.take(3)).not.toBe(small);
		expect(pool.take(8).byteLength).toBe(8);
	});

	it("keeps no more than it may", () => {
		const pool = new BufferPool(8, 1);
		const [first, second] = [pool.take(8), pool.take(8)];
		pool.give(first);
		pool.give(second);
		expect(pool.take(8)).toBe(first);
		expect(pool.take(8)).not.toBe(second);
	});
});
