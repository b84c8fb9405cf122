import { describe, expect, it } from "vitest";
import { ObjectEntry } from "../../../src/sources/objects/object-entry.ts";
import type { SourceBucket } from "../../../src/sources/objects/source-bucket.ts";

describe("an object", () => {
	it("has no state that ranges could be of if it was listed without an ETag", () => {
		const bucket = { name: "b", times: {}, connection: {} } as unknown as SourceBucket; // of no use here
		const entryOf = (etag: string) => {
			const object = { key: "a", size: 3, etag, lastModified: new Date(0), storageClass: undefined };
			return new ObjectEntry(bucket, object, Buffer.from("a"), "file");
		};
		expect(entryOf("").ranged()).toBeUndefined();
		expect(entryOf("tag").ranged()?.size).toBe(3);
	});
});
