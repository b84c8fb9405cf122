import { describe, expect, it } from "vitest";
import { draftName, isDraft, writerOfDraft } from "../../../../src/sources/files/drafts/drafts.ts";

const MARK = { boot: "1f0c22ab", namespace: "4026531836", pid: 711, startedAt: "90210" };

describe("the name of a draft", () => {
	it.each(["photos.zip", "x", ".hidden", "a\nb.zip", "ü".repeat(127)])(
		"tells who writes what: %s",
		(name) => {
			const draft = draftName(name, MARK);
			expect(writerOfDraft(draft, name)).toEqual(MARK);
			expect(writerOfDraft(draft, `other-${name}`)).toBeUndefined();
			expect(isDraft(`some/where/${draft}`)).toBe(true);
			expect(Buffer.byteLength(draft)).toBeLessThanOrEqual(255);
		},
	);

	it.each([
		"photos.zip",
		".photos.zip.1f0c22ab.part",
		"photos.zip.1f0c22ab-1-2-3.zipferry-part",
		".zipferry-part",
		".photos.zip.1f0c22ab-1-2-3.zipferry-part/file",
	])("is like no other: %s", (path) => {
		expect(isDraft(path)).toBe(false);
	});
});
