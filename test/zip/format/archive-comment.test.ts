import { describe, expect, it } from "vitest";
import { encodeArchiveComment } from "../../../src/zip/format/archive-comment.ts";
import { wholeArchive } from "../../support/archive-of.ts";
import { fileEntry } from "../../support/entries.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";

describe("encodeArchiveComment (APPNOTE 4.4.12)", () => {
	it.each([0, 1, 65_535])("takes %d bytes", async (length) => {
		const comment = encodeArchiveComment("c".repeat(length));
		const { bytes } = await wholeArchive([fileEntry("f", "x")], { comment });
		expect(inspectArchive(bytes).comment.byteLength).toBe(length);
	});

	it("refuses 65,536 bytes, counted as UTF-8", () => {
		expect(() => encodeArchiveComment("c".repeat(65_536))).toThrow("65536 bytes");
		expect(() => encodeArchiveComment("ä".repeat(32_768))).toThrow("65536 bytes");
	});

	it("refuses the signature that readers look for from the end", () => {
		expect(() => encodeArchiveComment("before PK\u0005\u0006 behind")).toThrow("signature");
		expect(encodeArchiveComment("PK\u0005").byteLength).toBe(3);
	});
});
