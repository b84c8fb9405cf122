import { describe, expect, it } from "vitest";
import { keptTime } from "../../../src/sources/objects/object-time.ts";

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
