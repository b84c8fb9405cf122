import { PassThrough, Readable } from "node:stream";
import { arrayBuffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { ZipStream } from "../../src/archive/zip-stream.ts";
import { InvalidOptionError } from "../../src/errors.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import { InvalidEntryNameError } from "../../src/zip/format/entry-name-errors.ts";
import { collect, lines, noise } from "../support/bytes.ts";
import { settled } from "../support/gate.ts";
import { type ArchiveSnapshot, inspectArchive } from "../support/inspect-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const temp = useTempDirectory();

async function archiveOf(zip: ZipStream): Promise<ArchiveSnapshot> {
	return inspectArchive(await collect(zip));
}

async function contentsOf(zip: ZipStream): Promise<Record<string, string>> {
	const { entries } = await archiveOf(zip);
	return Object.fromEntries(entries.map(({ name, content }) => [name, content.toString()]));
}

describe("ZipStream.add", () => {
	it("takes text, bytes, streams, iterables, and functions that give one of these", async () => {
		async function* pieces() {
			yield "asy";
			yield Buffer.from("nc");
		}
		const zip = new ZipStream()
			.add("text", "täxt")
			.add("bytes", Uint8Array.of(0x61))
			.add("readable", Readable.from(["rea", "dable"]))
			.add("web", new Blob(["web"]).stream())
			.add("iterable", ["ite", Buffer.from("rable")])
			.add("async", pieces())
			.add("function", () => "called")
			.add("promise", async () => Readable.from(["late"]))
			.add("nested", () => () => pieces())
			.add("directory/");
		expect(await contentsOf(zip)).toEqual({
			text: "täxt",
			bytes: "a",
			readable: "readable",
			web: "web",
			iterable: "iterable",
			async: "async",
			function: "called",
			promise: "late",
			nested: "async",
			"directory/": "",
		});
	});

	it("takes time, mode, comment, method and links", async () => {
		const mtime = new Date("2020-02-20T20:20:20Z");
		const zip = new ZipStream({ comment: "of the archive" })
			.add("f", lines(500), { mtime, mode: 0o600, comment: "of the entry", method: "store" })
			.add("l", undefined, { linkTarget: "f", mtime });
		const { comment, entries } = await archiveOf(zip);
		expect(comment.toString()).toBe("of the archive");
		expect(entries).toMatchObject([
			{ modified: mtime, mode: 0o600, comment: "of the entry", method: "stored" },
			{ kind: "symlink", mode: 0o777, content: Buffer.from("f") },
		]);
	});

	it.each(["", "/x", "../x", "a/../../x", "a//b", "./x", "..", "C:\\x", "nul\0", "\ud800"])(
		"refuses the name %j at the call",
		(name) => {
			expect(() => new ZipStream().add(name, "x")).toThrow(InvalidEntryNameError);
		},
	);

	it.each([
		["content for a directory", ["d/", "x"]],
		["no content", ["f"]],
		["a link with content", ["l", "x", { linkTarget: "t" }]],
		["a link without target", ["l", undefined, { linkTarget: "" }]],
		["a link with a target longer than any", ["l", undefined, { linkTarget: "t".repeat(65_536) }]],
		["a link with a trailing slash", ["l/", undefined, { linkTarget: "t" }]],
		["a negative size", ["f", "x", { size: -1 }]],
		["half a byte", ["f", "x", { size: 0.5 }]],
		["no date", ["f", "x", { mtime: new Date(Number.NaN) }]],
		["a comment that is too long", ["f", "x", { comment: "c".repeat(65_536) }]],
		["an unknown method", ["f", "x", { method: "lzma" as "auto" }]],
		["a mode that is none", ["f", "x", { mode: 0o200_000 }]],
	] as const)("refuses %s at the call", (_what, [name, content, details]) => {
		expect(() => new ZipStream().add(name, content, details)).toThrow(InvalidOptionError);
	});

	it("refuses a name that is there already", async () => {
		await expect(collect(new ZipStream().add("a", "1").add("a", "2"))).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
			entryName: "a",
		});
	});

	it("keeps names that mean something to JavaScript", async () => {
		const names = ["__proto__", "constructor", "toString"];
		const zip = new ZipStream();
		for (const name of names) zip.add(name, name);
		expect((await archiveOf(zip)).entries.map(({ name }) => name)).toEqual(names);
	});
});

describe("ZipStream.addPath and addEntries", () => {
	it("puts a path under its last part, or under the name given", async () => {
		await temp.write({ "photos/a.jpg": "a", "notes.txt": "n" });
		const zip = new ZipStream()
			.addPath(temp.path("photos"))
			.addPath(temp.path("photos/"), "other/name")
			.addPath(temp.path("photos"), "")
			.addPath(temp.path("notes.txt"))
			.addPath(temp.path("notes.txt"), "sub/n.txt");
		expect(Object.keys(await contentsOf(zip))).toEqual([
			"photos/",
			"photos/a.jpg",
			"other/name/",
			"other/name/a.jpg",
			"a.jpg",
			"notes.txt",
			"sub/n.txt",
		]);
	});

	it("reports a path that is missing when the archive is read", async () => {
		const zip = new ZipStream().addPath(temp.path("nothing"));
		await expect(collect(zip)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		await expect(collect(new ZipStream().addPath(""))).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});

	it("takes entries as they are asked for, and tells their maker when it has enough", async () => {
		let made = 0;
		let closed = false;
		function* entries() {
			try {
				for (; made < 10_000; made++) yield { name: `${made}`, content: noise(100_000, made) };
			} finally {
				closed = true;
			}
		}
		for await (const _ of new ZipStream().addEntries(entries())) break;
		expect(made).toBeLessThan(200);
		await settled();
		expect(closed).toBe(true);
	});
});

describe("ZipStream: reading", () => {
	it("gives the same through every way of reading", async () => {
		const mtime = new Date(0);
		const make = () => new ZipStream({ mtime }).add("a", lines(3_000_000)).add("b", noise(2_000_000));
		const iterated = await collect(make());
		inspectArchive(iterated);
		expect((await collect(make().toReadable())).equals(iterated)).toBe(true);
		expect(Buffer.from(await arrayBuffer(make().toWebStream())).equals(iterated)).toBe(true);
		const through = new PassThrough();
		const [piped] = await Promise.all([collect(through), pipeline(make().toReadable(), through)]);
		expect(piped.equals(iterated)).toBe(true);
	});

	it("knows its summary once it has been read to the end", async () => {
		const zip = new ZipStream().add("a", "1");
		expect(zip.summary).toBeUndefined();
		const bytes = await collect(zip);
		expect(zip.summary).toEqual({ size: bytes.byteLength, entryCount: 1, zip64: false });
	});

	it("reports the archive's entries as they are finished", async () => {
		const events: ZipferryEvent[] = [];
		await collect(new ZipStream({ onEvent: (event) => events.push(event), method: "store" }).add("a", "123"));
		expect(events).toEqual([
			{ type: "entry", name: "a", kind: "file", method: "stored", uncompressedSize: 3, compressedSize: 3 },
		]);
	});

	it("can be read once", async () => {
		const zip = new ZipStream().add("a", "1");
		await collect(zip);
		await expect(collect(zip)).rejects.toBeInstanceOf(InvalidOptionError);
		await expect(collect(zip.toReadable())).rejects.toBeInstanceOf(InvalidOptionError);
		await expect(arrayBuffer(zip.toWebStream())).rejects.toBeInstanceOf(InvalidOptionError);
	});

	it("takes nothing more once it is being read", async () => {
		const zip = new ZipStream().add("a", "1");
		const chunks = zip[Symbol.asyncIterator]();
		await chunks.next();
		expect(() => zip.add("late", "x")).toThrow(InvalidOptionError);
		expect(() => zip.addPath("late")).toThrow(InvalidOptionError);
		expect(() => zip.addEntries([])).toThrow(InvalidOptionError);
		await chunks.return();
	});

	it("opens nothing before it is read, and not everything at once", async () => {
		const opened = new Set<number>();
		const zip = new ZipStream();
		for (let index = 0; index < 200; index++)
			zip.add(`${index}`, () => noise(500_000, opened.add(index).size));
		const stream = zip.toWebStream();
		await settled();
		expect(opened.size).toBe(0);
		const reader = stream.getReader();
		await reader.read();
		await settled();
		expect(opened.size).toBeLessThan(100);
		await reader.cancel();
	});
});

describe("ZipStream: options", () => {
	it.each([
		{ level: 0 as 1 },
		{ level: 10 as 9 },
		{ level: 1.5 as 1 },
		{ method: "bzip2" as "auto" },
		{ compressConcurrency: 0 },
		{ compressConcurrency: 257 },
		{ mtime: new Date("never") },
		{ comment: "c".repeat(65_536) },
	])("refuses %j", (options) => {
		expect(() => new ZipStream(options)).toThrow(InvalidOptionError);
	});

	it.each([0, 1, 65_535])("takes a comment of %d bytes", async (length) => {
		const comment = "ü".repeat(length >> 1) + "c".repeat(length & 1);
		expect((await archiveOf(new ZipStream({ comment }).add("a", "1"))).comment.toString()).toBe(comment);
	});

	it("sets one time for everything", async () => {
		const mtime = new Date("2001-02-03T04:05:06Z");
		await temp.write({ "tree/f": "x" });
		const zip = new ZipStream({ mtime }).add("a", "1", { mtime: new Date() }).addPath(temp.path("tree"));
		const { entries } = await archiveOf(zip);
		expect(entries.map(({ modified }) => modified)).toEqual([mtime, mtime, mtime]);
	});
});
