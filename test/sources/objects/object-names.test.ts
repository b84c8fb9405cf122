import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FilesAbove } from "../../../src/sources/objects/object-names.ts";
import { keptTime } from "../../../src/sources/objects/object-time.ts";

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
					for (const key of sorted) above.add(key, key);
				};
				if (collides) expect(goThrough).toThrow(/would be a file and a directory/);
				else goThrough();
			}),
			{ numRuns: 2000 },
		);
	});
});

describe("keptTime", () => {
	it.each<[Record<string, string>, number | undefined]>([
		[{ mtime: "1700000000.123456789" }, 1_700_000_000_123.4568],
		[{ mtime: "1700000000" }, 1_700_000_000_000],
		[{ mtime: "1700000000.5" }, 1_700_000_000_500],
		[{ mtime: "-1.5" }, -1500],
		[{ "s3cmd-attrs": "atime:1/mtime:1700000000/uid:0" }, 1_700_000_000_000],
		[{ "s3cmd-attrs": "xmtime:1/uid:0" }, undefined],
		[{ mtime: "yesterday" }, undefined],
		[{ mtime: "1e9" }, undefined],
		[{ mtime: "99999999999999999999" }, undefined],
		[{}, undefined],
	])("of %j is %s", (metadata, expected) => {
		expect(keptTime(metadata)).toBe(expected);
	});
});
