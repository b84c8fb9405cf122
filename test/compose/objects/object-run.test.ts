import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { objectRun } from "../../../src/compose/objects/object-run.ts";
import type { MeasurableEntry } from "../../../src/sources/entry-source.ts";
import { noise } from "../../support/bytes.ts";

const CONTENT = Buffer.from(noise(1000, 1));

describe("objectRun", () => {
	it("says which CRC-32 the bytes must have that the storage copies", () => {
		const entry: MeasurableEntry = {
			...{ name: Buffer.from("a"), kind: "file", mtimeMs: 1e12, mode: 0o644, size: 1000, origin: "s3://b/k" },
			open: () => Promise.reject(new Error("nobody opens it")),
		};
		const stored = {
			...{ address: { bucket: "b", key: "k" }, etag: "e", size: 1000 },
			askCrc32: () => Promise.resolve(undefined),
			readStart: () => Promise.reject(new Error("it was read")),
			readEnd: () => Promise.reject(new Error("it was read")),
		};
		const sizes = [1, 500, 999].flatMap((startSize) => [0, 1, 250].map((endSize) => [startSize, endSize]));
		for (const [startSize = 0, endSize = 0] of sizes.filter(([start = 0, end = 0]) => start + end < 1000)) {
			const bytes = CONTENT.subarray(0, startSize);
			const start = { bytes, mtimeMs: 1e12, crc32: crc32(CONTENT), checksumOrigin: "head" } as const;
			const end = CONTENT.subarray(1000 - endSize);
			const ranges = [...objectRun(entry, stored, start, end).spans].filter((span) => "source" in span);
			expect(ranges).toEqual([
				{
					...{
						source: { bucket: "b", key: "k" },
						etag: "e",
						offset: startSize,
						byteLength: 1000 - startSize - endSize,
					},
					crc32: crc32(CONTENT.subarray(startSize, 1000 - endSize)),
				},
			]);
		}
	});
});
