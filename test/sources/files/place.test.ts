import { lstatSync, readFileSync } from "node:fs";
import { lstat, mkdir, readFile, rename, rm, rmdir, stat, symlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { CheckedDirectory } from "../../../src/sources/files/directories/checked-directory.ts";
import { openRoot } from "../../../src/sources/files/directories/open-directory.ts";
import type { Path } from "../../../src/sources/files/file-system.ts";
import type { Directory, Place } from "../../../src/sources/files/place.ts";
import { Gate } from "../../support/gate.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

const text = (path: Path) => readFile(path, "utf8");
const textNow = (path: Path) => readFileSync(path, "utf8");

async function tree(): Promise<void> {
	await temp.write({ "tree/a/b/f": "inside", "outside/f": "outside", "outside/b/f": "outside" });
}

async function replaceByLink(directory: string): Promise<void> {
	await rename(temp.path(directory), temp.path(`${directory}-away`));
	await symlink(temp.path("outside"), temp.path(directory));
}

/** What is seen through a place, whichever way it is asked for. */
async function seen(place: Place): Promise<string[]> {
	return [place.now(textNow), await place.later(text)];
}

const REPLACED = {
	code: "SOURCE_CHANGED",
	message: expect.stringContaining("is no longer the same directory"),
};

/** What every kind of directory promises. */
function contract(rootOf: (path: string, followLinks?: boolean) => Directory): void {
	it("leads to what is in it, and in directories below", async () => {
		await tree();
		const root = rootOf(temp.path("tree"));
		const place = root.directory("a").directory("b").place("f");
		expect(place.path).toBe(temp.path("tree/a/b/f"));
		expect(await seen(place)).toEqual(["inside", "inside"]);
		expect(root.directory("a").place("").path).toBe(temp.path("tree/a"));
		expect((await root.directory("a").place("").later(lstat)).isDirectory()).toBe(true);
		expect(root.directory("a").statNow().ino).toBe(lstatSync(temp.path("tree/a")).ino);
	});

	it("takes names that are no UTF-8", async () => {
		const name = Buffer.of(0x64, 0xff);
		await mkdir(temp.bytes(name));
		const directory = rootOf(temp.path()).directory(name.toString("latin1"));
		expect(directory.place("\xe9").path).toEqual(
			Buffer.concat([temp.bytes(name), Buffer.from("/\xe9", "latin1")]),
		);
		expect((await directory.place("").later(lstat)).isDirectory()).toBe(true);
	});

	it("refuses a directory that was replaced by a link, at any depth", async () => {
		for (const replaced of ["tree/a/b", "tree/a"]) {
			await tree();
			const root = rootOf(temp.path("tree"));
			root.place("").now(lstatSync);
			await replaceByLink(replaced);
			const directory = root.directory("a").directory("b");
			expect(() => directory.place("f").now(textNow)).toThrow(expect.objectContaining(REPLACED));
			await expect(directory.place("f").later(text)).rejects.toMatchObject(REPLACED);
			expect(() => directory.statNow()).toThrow(expect.objectContaining({ code: "SOURCE_CHANGED" }));
			for (const name of ["tree", "outside"]) await rm(temp.path(name), { recursive: true });
		}
	});

	it("never leads outside when a directory that was in use is replaced by a link", async () => {
		await tree();
		const directory = rootOf(temp.path("tree")).directory("a").directory("b");
		expect(await seen(directory.place("f"))).toEqual(["inside", "inside"]);
		await replaceByLink("tree/a");
		await directory
			.place("f")
			.later(text)
			.then(
				(content) => expect(content).toBe("inside"),
				(error: unknown) => expect(error).toMatchObject(REPLACED),
			);
	});

	it("may be reached through links itself, and leads through them below if asked to", async () => {
		await tree();
		await temp.write({ way: { link: "tree" }, "tree/link": { link: "../outside" } });
		expect(await seen(rootOf(temp.path("way")).directory("a").directory("b").place("f"))).toEqual([
			"inside",
			"inside",
		]);
		expect(await seen(rootOf(temp.path("way"), true).directory("link").place("f"))).toEqual([
			"outside",
			"outside",
		]);
		const unasked = rootOf(temp.path("way")).directory("link").place("f");
		await expect(unasked.later(text)).rejects.toMatchObject(REPLACED);
	});

	it("tells errors with the path that the caller knows", async () => {
		await tree();
		const root = rootOf(temp.path("tree"));
		const missing = { code: "ENOENT", path: temp.path("tree/a/x") };
		const error = await root
			.directory("a")
			.place("x")
			.later(text)
			.catch((reason: unknown) => reason);
		expect(error).toMatchObject(missing);
		expect(String(error)).toContain(`'${temp.path("tree/a/x")}'`);
		expect(() => root.directory("a").place("x").now(textNow)).toThrow(expect.objectContaining(missing));
		const beyond = root.directory("x").directory("y").place("z");
		await expect(beyond.later(text)).rejects.toMatchObject({ code: "ENOENT", path: temp.path("tree/x") });
	});

	it("leaves nothing open", async () => {
		await tree();
		const root = rootOf(temp.path("tree"));
		const directory = root.directory("a").directory("b");
		const gate = new Gate();
		const slow = directory.place("f").later(async (path) => {
			await gate.passed;
			return text(path);
		});
		await directory.place("f").later(text);
		root.releaseAll();
		directory.release();
		gate.open();
		expect(await slow).toBe("inside");
		expect(await openFiles(temp.path())).toEqual([]);
		expect(await seen(directory.place("f"))).toEqual(["inside", "inside"]); // at the price of opening it again
		expect(await openFiles(temp.path())).toEqual([]);
	});
}

describe("OpenDirectory", () => {
	contract((path, followLinks = false) => openRoot(path, followLinks, "/proc/self/fd/"));

	it("stays where it is while its path leads elsewhere, whatever happens in between", async () => {
		await tree();
		const directory = openRoot(temp.path("tree"), false, "/proc/self/fd/").directory("a").directory("b");
		const gate = new Gate();
		const reading = directory.place("f").later(async (path) => {
			await gate.passed;
			return text(path);
		});
		directory.place("").now(lstatSync);
		await replaceByLink("tree/a");
		expect(directory.place("f").now(textNow)).toBe("inside");
		gate.open();
		expect(await reading).toBe("inside");
		await rm(temp.path("tree/a"));
		await rename(temp.path("tree/a-away"), temp.path("tree/a"));
		expect(await seen(directory.place("f"))).toEqual(["inside", "inside"]);
	});

	it("is opened once more by name after it was closed, and still follows no link", async () => {
		await tree();
		const directory = openRoot(temp.path("tree"), false, "/proc/self/fd/").directory("a").directory("b");
		expect(directory.place("f").now(textNow)).toBe("inside");
		directory.release();
		await replaceByLink("tree/a/b");
		expect(() => directory.place("f").now(textNow)).toThrow(expect.objectContaining(REPLACED));
	});

	it("is shared by calls that find it closed at the same time", async () => {
		await tree();
		const root = openRoot(temp.path("tree"), false, "/proc/self/fd/");
		root.releaseAll(); // so that it is closed as soon as none of them needs it
		const place = root.directory("a").directory("b").place("f");
		const contents = await Promise.all(Array.from({ length: 50 }, () => place.later(text)));
		expect(new Set(contents)).toEqual(new Set(["inside"]));
		expect(await openFiles(temp.path())).toEqual([]);
	});
});

describe("CheckedDirectory, where there are no paths through descriptors", () => {
	contract((path, followLinks = false) => new CheckedDirectory(path, followLinks));

	it("refuses another directory in its place too: it cannot tell where that comes from", async () => {
		await tree();
		const directory = new CheckedDirectory(temp.path("tree"), false).directory("a");
		await directory.place("").later(stat);
		await rename(temp.path("tree/a"), temp.path("tree/away"));
		await mkdir(temp.path("tree/a"));
		await expect(directory.place("b").later(stat)).rejects.toMatchObject(REPLACED);
		await rmdir(temp.path("tree/a"));
		await rename(temp.path("tree/away"), temp.path("tree/a"));
		expect((await directory.place("b").later(stat)).isDirectory()).toBe(true);
	});
});
