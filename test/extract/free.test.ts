import { setImmediate as nextTurn } from "node:timers/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { free } from "../../src/extract/local/write/free.js";

describe("free", () => {
	it("frees what zlib has filled, at once", async () => {
		const deflated = deflateRawSync(Buffer.alloc(1_000_000, "a"));
		await nextTurn();
		const before = process.memoryUsage().arrayBuffers;
		for (let count = 0; count < 500; count += 1) {
			const content = inflateRawSync(deflated, { chunkSize: 1_000_064 });
			expect(content.byteLength).toBe(1_000_000);
			free(content);
			expect(content.byteLength).toBe(0);
			expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
		}
	});

	it("leaves small memory alone, which others may have a part of", () => {
		const small = Buffer.from("small");
		free(small);
		expect(small.toString()).toBe("small");
	});
});
