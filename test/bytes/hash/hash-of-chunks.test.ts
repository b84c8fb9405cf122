import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { HashAlgorithm } from "../../../src/bytes/hash/archive-hash.ts";
import { type HashOfChunks, hashOfChunks } from "../../../src/bytes/hash/hash-of-chunks.ts";
import { noise } from "../../support/bytes.ts";

const MiB = 1024 * 1024;
const LARGE = 17 * MiB;

const expected: Record<HashAlgorithm, (bytes: Uint8Array) => string> = {
	md5: (bytes) => createHash("md5").update(bytes).digest("hex"),
	sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
	crc32: (bytes) => crc32(bytes).toString(16).padStart(8, "0"),
};

describe("hashOfChunks", () => {
	let hash: HashOfChunks | undefined;
	afterEach(() => hash?.close());

	describe.each(["md5", "sha256", "crc32"] as const)("with %s", (algorithm) => {
		it.each([
			["a small archive", 5],
			["a large one", LARGE],
			["one of unknown size", undefined],
		])("hashes the chunks of %s", async (_title, sizeBound) => {
			const sizes = fc.array(fc.oneof(fc.nat(300), fc.constantFrom(MiB, MiB + 1, 3 * MiB)), { maxLength: 6 });
			await fc.assert(
				fc.asyncProperty(sizes, async (lengths) => {
					const chunks = lengths.map((size, index) => noise(size, index + 1));
					hash = hashOfChunks(algorithm, sizeBound);
					for (const chunk of chunks) {
						const copy = Uint8Array.from(chunk);
						await hash?.update(copy);
						copy.fill(0xaa); // memory that is used again at once
					}
					expect(await hash?.digest()).toBe(expected[algorithm](Buffer.concat(chunks)));
					await hash?.close();
				}),
				{ numRuns: 5 },
			);
		});
	});

	it("computes nothing if none is wanted", () => expect(hashOfChunks("none", LARGE)).toBeUndefined());
});
