import type { Dirent } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Listing, nameOf, typeOf } from "../../../../src/sources/files/directories/listing.ts";

type Kind = "file" | "directory" | "link";

function item(name: Uint8Array, kind: Kind): Dirent<Buffer> {
	const is = (asked: Kind) => () => kind === asked;
	const found = { name: Buffer.from(name), isDirectory: is("directory"), isFile: is("file") };
	return found as unknown as Dirent<Buffer>; // what a listing looks at
}

function taken(listing: Listing): string[] {
	listing.sort();
	const names: string[] = [];
	for (; listing.head !== undefined; listing.advance()) names.push(listing.head);
	return names;
}

const NAME = fc
	.uint8Array({ minLength: 1, maxLength: 12 })
	.filter((name) => !name.includes(0) && !name.includes(47));

describe("Listing", () => {
	it("gives names in the byte order of entry names, however many there are", () => {
		const kinds = fc.constantFrom<Kind>("file", "directory");
		const found = fc.uniqueArray(fc.tuple(NAME, kinds), { selector: ([name]) => name.join(), maxLength: 50 });
		fc.assert(
			fc.property(found, fc.integer({ min: 0, max: 400 }), (some, more) => {
				const listing = new Listing();
				const expected: Buffer[] = [];
				const add = (name: Uint8Array, kind: Kind) => {
					listing.add(item(name, kind), false);
					expected.push(Buffer.concat([name, Buffer.from(kind === "directory" ? "/\0d" : "")]));
				};
				for (const [name, kind] of some) add(name, kind);
				// Of every 30 numbers one is taken at a time, so that runs overlap.
				for (let index = 0; index < 30 * more; index++) {
					add(Buffer.from(`more than one run ${(index * 7919) % (30 * more)}`), "file");
				}
				const sorted = expected.sort(Buffer.compare).map((bytes) => bytes.toString("latin1"));
				expect(taken(listing)).toEqual(sorted);
			}),
			{ numRuns: 40 },
		);
	});

	it("gives a name once that was listed twice, in one run or in several", () => {
		const listing = new Listing();
		for (const name of ["b", "a", "b"]) listing.add(item(Buffer.from(name), "file"), false);
		for (let index = 0; index < 10_000; index++)
			listing.add(item(Buffer.from(`c${index % 5000}`), "file"), false);
		const names = taken(listing);
		expect([names.length, new Set(names).size, names[1]]).toEqual([5002, 5002, "b"]);
	});

	it("sorts a link that leads to a directory like one", () => {
		const listing = new Listing();
		listing.add(item(Buffer.from("a"), "link"), true);
		for (const name of ["a0", "a-"]) listing.add(item(Buffer.from(name), "file"), false);
		listing.add(item(Buffer.from("b"), "link"), false);
		expect(taken(listing)).toEqual(["a-", "a/\0l", "a0", "b\0o"]);
	});

	it("gives the files that follow each other together", () => {
		const listing = new Listing();
		for (const name of ["a", "b", "d", "e"]) listing.add(item(Buffer.from(name), "file"), false);
		listing.add(item(Buffer.from("c"), "directory"), false);
		listing.sort();
		expect([listing.takeFiles(10), listing.takeFiles(10), listing.head]).toEqual([["a", "b"], [], "c/\0d"]);
		listing.advance();
		expect([listing.takeFiles(1), listing.takeFiles(1), listing.takeFiles(1)]).toEqual([["d"], ["e"], []]);
	});

	it("tells names and types apart", () => {
		const types = (["file", "directory", "link"] as const).map((kind) => {
			const listing = new Listing();
			for (const name of ["f", "od"]) listing.add(item(Buffer.from(name), kind), false);
			return taken(listing).map((found) => nameOf(found) + typeOf(found));
		});
		expect(types).toEqual([
			["ff", "odf"],
			["fd", "odd"],
			["fo", "odo"],
		]);
	});

	it("gives nothing of an empty directory", () => {
		expect(taken(new Listing())).toEqual([]);
	});
});
