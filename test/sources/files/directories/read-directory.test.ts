import { lstat, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Listing } from "../../../../src/sources/files/directories/listing.ts";
import { listNow, readDirectory } from "../../../../src/sources/files/directories/read-directory.ts";
import { namedPlace } from "../../../../src/sources/files/place.ts";
import { measureNames } from "../../../support/measure-names.ts";
import { openFiles, useTempDirectory } from "../../../support/temp-directory.ts";

const temp = useTempDirectory();

const BLOCKING = { blocking: true, size: 4096, followLinks: false };

function namesOf(listing: Listing | undefined): string[] {
	const names: string[] = [];
	for (; listing?.head !== undefined; listing.advance()) names.push(listing.head);
	return names;
}

describe("a directory's listing", () => {
	it("is the same whoever reads it", async () => {
		await temp.write({ f: "1", "d/": null, "d.": "", l: { link: "d" } });
		await writeFile(temp.bytes(Buffer.of(0xe9)), "");
		const place = namedPlace(temp.path());
		const expected = ["d.", "d/\0d", "f", "l\0o", "\xe9"];
		expect(namesOf(listNow(place, BLOCKING))).toEqual(expected);
		for (const blocking of [true, false]) {
			expect(namesOf(await readDirectory(place, { ...BLOCKING, blocking }))).toEqual(expected);
			const followed = await readDirectory(place, { ...BLOCKING, blocking, followLinks: true });
			expect(namesOf(followed)).toEqual(["d.", "d/\0d", "f", "l/\0l", "\xe9"]);
		}
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("is read at once where that is quick and simple only", async () => {
		await temp.write({ l: { link: "d" } });
		const place = namedPlace(temp.path());
		expect(listNow(place, BLOCKING)).toBeDefined();
		expect(listNow(place, { ...BLOCKING, blocking: false })).toBeUndefined();
		expect(listNow(place, { ...BLOCKING, size: 1_000_000 })).toBeUndefined();
		expect(listNow(place, { ...BLOCKING, followLinks: true })).toBeUndefined();
		expect(listNow(namedPlace(temp.path("missing")), BLOCKING)).toBeUndefined();
	});

	it("says why a directory cannot be listed", async () => {
		const { size } = await lstat(temp.path());
		const missing = readDirectory(namedPlace(temp.path("missing")), { ...BLOCKING, size });
		await expect(missing).rejects.toMatchObject({ code: "ENOENT" });
	});

	it("takes few bytes more than its names have", async () => {
		const { few, many, growth } = await measureNames(temp.path(), 10_000, 60_000);
		expect([few, many]).toEqual([10_000, 60_000]);
		expect(growth / (many - few)).toBeLessThan(300);
	}, 60_000);
});
