import { describe, expect, it } from "vitest";
import { compressionProbe } from "../../src/zip/compression-probe.ts";
import { METHODS_HERE } from "../support/zstd.ts";

describe("compressionProbe", () => {
	it("is the same each time, and another one for each method and level", async () => {
		const digests = await Promise.all([
			...METHODS_HERE.map((method) => compressionProbe(method, undefined)),
			compressionProbe("deflate", 1),
			compressionProbe("deflate", 9),
		]);
		for (const digest of digests) expect(digest).toMatch(/^[\da-f]{64}$/);
		expect(new Set(digests).size).toBe(digests.length);
		expect(await compressionProbe("deflate", 1)).toBe(digests.at(-2));
	});

	it("takes the default level for the level that it is", async () => {
		expect(await compressionProbe("deflate", 6)).toBe(await compressionProbe("deflate", undefined));
	});
});
