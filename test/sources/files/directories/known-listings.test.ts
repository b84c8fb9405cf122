import { rename, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KnownListings } from "../../../../src/sources/files/directories/known-listings.ts";
import { listDirectory } from "../../../../src/sources/files/directories/list-directory.ts";
import type { Listing } from "../../../../src/sources/files/directories/listing.ts";
import { rootDirectory } from "../../../../src/sources/files/directories/root-directory.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";

const temp = useTempDirectory();

const HOW = { blocking: true, size: 4096, followLinks: false };
const LATER_MS = 60_000;

/** What was written just now is old enough to be kept. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS }));
afterEach(() => void vi.useRealTimers());

/** Lists a directory, and tells whether it was read for that. */
async function list(
	listings: KnownListings,
	{ comesAgain = false, how = HOW } = {},
): Promise<{ names: string[]; read: boolean }> {
	const directory = rootDirectory(Buffer.from(temp.path()), false);
	const place = vi.spyOn(directory, "place");
	try {
		const listing = await listDirectory(directory, how, { listings, comesAgain });
		return { names: namesOf(listing), read: place.mock.calls.length > 0 };
	} finally {
		directory.releaseAll();
	}
}

function namesOf(listing: Listing): string[] {
	const names: string[] = [];
	for (; listing.head !== undefined; listing.advance()) names.push(listing.head);
	return names;
}

describe("a directory that an earlier walk has listed", () => {
	it("is not read again, once", async () => {
		await temp.write({ f: "1", "d/": null, "d.": "", l: { link: "d" } });
		await writeFile(temp.bytes(Buffer.of(0xe9)), "");
		const listings = new KnownListings();
		const first = await list(listings, { comesAgain: true });
		expect(first).toEqual({ names: ["d.", "d/\0d", "f", "l\0o", "\xe9"], read: true });
		expect(await list(listings)).toEqual({ ...first, read: false });
		expect(await list(listings)).toEqual(first);
	});

	it("has all its names, however many there are", async () => {
		const names = Array.from({ length: 5000 }, (_, index) => `name-${(index * 7919) % 5000}`);
		await temp.write(Object.fromEntries(names.map((name) => [name, ""])));
		const listings = new KnownListings();
		const first = await list(listings, { comesAgain: true });
		expect(first.names).toEqual(names.sort().map((name) => `${name}`));
		expect(await list(listings)).toEqual({ ...first, read: false });
	});

	it.each([
		["come", () => temp.write({ new: "" }), ["a", "b", "new"]],
		["gone", () => rm(temp.path("b")), ["a"]],
		["another name by now", () => rename(temp.path("b"), temp.path("c")), ["a", "c"]],
		[
			"replaced",
			() => temp.write({ "b.new": { link: "a" } }).then(() => rename(temp.path("b.new"), temp.path("b"))),
			["a", "b\0o"],
		],
	])("is read again if a file has %s", async (_, change, names) => {
		await temp.write({ a: "", b: "" });
		const listings = new KnownListings();
		await list(listings, { comesAgain: true });
		await change();
		expect(await list(listings)).toEqual({ names, read: true });
	});

	it("is read again if it had been changed so late that another change might not show", async () => {
		await temp.write({ a: "" });
		vi.setSystemTime(Date.now() - LATER_MS);
		const listings = new KnownListings();
		await list(listings, { comesAgain: true });
		expect(await list(listings)).toEqual({ names: ["a"], read: true });
	});

	it("is read again if it took its time to list what had been changed a moment before", async () => {
		await temp.write({ a: "" });
		vi.setSystemTime(Date.now() - LATER_MS);
		const listings = new KnownListings();
		const directory = rootDirectory(Buffer.from(temp.path()), false);
		const { place } = directory;
		vi.spyOn(directory, "place").mockImplementation((name) => {
			vi.setSystemTime(Date.now() + LATER_MS);
			return place.call(directory, name);
		});
		await listDirectory(directory, HOW, { listings, comesAgain: true });
		directory.releaseAll();
		expect((await list(listings)).read).toBe(true);
	});

	it("is read again if no walk was to follow", async () => {
		await temp.write({ a: "" });
		const listings = new KnownListings();
		await list(listings);
		expect((await list(listings)).read).toBe(true);
	});

	it("is read again where links are followed, and on disks of other machines", async () => {
		await temp.write({ a: "" });
		for (const how of [
			{ ...HOW, followLinks: true },
			{ ...HOW, blocking: false },
		]) {
			const listings = new KnownListings();
			await list(listings, { comesAgain: true, how });
			expect((await list(listings, { how })).read).toBe(true);
		}
	});

	it("keeps its names and no other memory", async () => {
		await temp.write({ a: "", b: "" });
		const directory = rootDirectory(Buffer.from(temp.path()), false);
		const listing = await listDirectory(directory, HOW, undefined);
		directory.releaseAll();
		const kept = listing.packed().map(({ buffer }) => buffer.byteLength);
		expect(kept).toEqual([listing.byteLength]);
	});

	it("is read again if there was no room for its names", async () => {
		await temp.write({ [`${"long".repeat(50)}`]: "" });
		for (const [room, read] of [
			[1000, false],
			[500, true],
		] as const) {
			const listings = new KnownListings(room);
			await list(listings, { comesAgain: true });
			expect((await list(listings)).read).toBe(read);
		}
	});
});
