import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FilesAbove } from "../../../src/sources/names/files-above.ts";

/** Keys near each other around "/", of characters before and behind it. */
const KEYS = fc.uniqueArray(fc.string({ unit: fc.constantFrom(..."a-./0"), minLength: 1, maxLength: 6 }), {
	maxLength: 12,
});

describe("FilesAbove", () => {
	it("refuses a listing exactly if a key is a file and a directory in it", () => {
		fc.assert(
			fc.property(KEYS, (keys) => {
				const sorted = [...keys].sort();
				const collides = keys.some(
					(file) => !file.endsWith("/") && keys.some((other) => other.startsWith(`${file}/`)),
				);
				const above = new FilesAbove();
				const goThrough = () => {
					for (const key of sorted) above.add(key, { origin: key });
				};
				if (collides) expect(goThrough).toThrow(/would be a file and a directory/);
				else goThrough();
			}),
			{ numRuns: 2000 },
		);
	});
});
