import { writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Archive, type ArchiveEntry, createZip, openArchive } from "../../src/index.ts";
import { wholeArchive } from "../support/archive-of.ts";
import { directoryEntry, fileEntry, symlinkEntry } from "../support/entries.ts";
import { DEFLATED, handMadeArchive } from "../support/hand-made-archive.ts";
import { type RangeServer, startRangeServer } from "../support/range-server.ts";
import { openFiles, useTempDirectory } from "../support/temp-directory.ts";
import { collect } from "./watched-archive.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});
const directory = useTempDirectory();

async function served(bytes: Uint8Array): Promise<RangeServer> {
	const server = await startRangeServer();
	closers.push(server.close);
	server.put(bytes);
	return server;
}

async function open(location: string, options: Parameters<typeof openArchive>[1] = {}) {
	const archive = await openArchive(location, options);
	closers.push(() => archive.close());
	return archive;
}

async function onDisk(bytes: Uint8Array): Promise<string> {
	const path = directory.path("a.zip");
	await writeFile(path, bytes);
	return path;
}

/** Bytes that were asked for. */
function askedSize({ requests }: RangeServer, size: number): number {
	return requests.reduce((sum, { headers: { range = "" } }) => {
		const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
		return sum + (first === "" ? Math.min(Number(last), size) : Number(last) + 1 - Number(first));
	}, 0);
}

async function listed(archive: Archive): Promise<ArchiveEntry[]> {
	const entries: ArchiveEntry[] = [];
	for await (const entry of archive) entries.push(entry);
	return entries;
}

describe("openArchive", () => {
	it("gives the entries that were archived, with all that is known of them", async () => {
		const mtimeMs = Date.UTC(2026, 1, 3, 4, 5, 6);
		const { bytes } = await wholeArchive(
			[
				directoryEntry("d/", { mtimeMs }),
				fileEntry("d/ü.txt", "hello ".repeat(100), { mtimeMs, mode: 0o640 }),
				symlinkEntry("d/link", "ü.txt", { mtimeMs }),
				fileEntry(Buffer.from("raw\xe9", "latin1"), "x", { mtimeMs }),
			],
			{ comment: Buffer.from("all of it") },
		);
		const archive = await open(await onDisk(bytes));
		expect(archive).toMatchObject({
			location: directory.path("a.zip"),
			size: bytes.byteLength,
			entryCount: 4,
			comment: "all of it",
			zip64: false,
			identity: { type: "file" },
		});
		const entries = await listed(archive);
		const facts = entries.map(({ name, kind, uncompressedSize, method, mode }) => ({
			name,
			kind,
			uncompressedSize,
			method,
			mode: mode?.toString(8),
		}));
		expect(facts).toEqual([
			{ name: "d/", kind: "directory", uncompressedSize: 0, method: 0, mode: "755" },
			{ name: "d/ü.txt", kind: "file", uncompressedSize: 600, method: 8, mode: "640" },
			{ name: "d/link", kind: "symlink", uncompressedSize: 6, method: 0, mode: "777" },
			{ name: "rawΘ", kind: "file", uncompressedSize: 1, method: 0, mode: "644" },
		]);
		for (const { mtime, mtimeSource } of entries)
			expect({ mtime, mtimeSource }).toEqual({ mtime: new Date(mtimeMs), mtimeSource: "unix" });
		expect(Buffer.from(entries[3]?.pathBytes ?? []).toString("latin1")).toBe("raw\xe9");
	});

	it("gives content as chunks, bytes, Node stream and Web stream", async () => {
		const text = "0123456789".repeat(50_000);
		const path = await onDisk(handMadeArchive([{ name: "a", content: text, method: DEFLATED }]));
		const entry = await (await open(path)).get("a");
		if (entry === undefined) throw new Error("there is no entry");
		expect((await collect(entry.open())).toString()).toBe(text);
		expect(Buffer.from(await entry.open().bytes()).toString()).toBe(text);
		const chunks: Uint8Array[] = [];
		await pipeline(entry.open().toReadable(), async (source) => {
			for await (const chunk of source) chunks.push(chunk);
		});
		expect(Buffer.concat(chunks).toString()).toBe(text);
		expect(await new Response(entry.open().toWebStream()).text()).toBe(text);
	});

	it("reads content once, and not beyond a limit", async () => {
		const path = await onDisk(handMadeArchive([{ name: "a", content: "abc" }]));
		const entry = await (await open(path)).get("a");
		if (entry === undefined) throw new Error("there is no entry");
		const content = entry.open();
		await content.bytes(3);
		await expect(content.bytes()).rejects.toMatchObject({ code: "INVALID_OPTION" });
		await expect(entry.open().bytes(2)).rejects.toMatchObject({
			message: 'the entry "a" has 3 bytes; the limit is 2',
		});
	});

	it("opens and lists a small archive with one request, and reads an entry with one more", async () => {
		const server = await served(
			handMadeArchive([
				{ name: "a", content: "abc" },
				{ name: "b", content: "bcd" },
			]),
		);
		const archive = await open(`${server.url}/a.zip`);
		expect((await listed(archive)).map(({ name }) => name)).toEqual(["a", "b"]);
		expect(server.requests).toHaveLength(1);
		const entry = await archive.get("b");
		expect(server.requests).toHaveLength(1);
		const content = entry?.open();
		expect(server.requests).toHaveLength(1);
		expect(Buffer.from((await content?.bytes()) ?? []).toString()).toBe("bcd");
		expect(server.requests).toHaveLength(2);
		expect(server.requests[1]?.headers["if-match"]).toMatch(/^"/);
	});

	it("lists a large one with two requests, for no more than its directory and the tail", async () => {
		const entries = Array.from({ length: 5_000 }, (_, at) => ({
			name: `directory/of/many/files/${at}.txt`,
			content: `${at} `.repeat(40),
			comment: "a comment that takes room in the directory",
		}));
		const bytes = handMadeArchive(entries);
		const server = await served(bytes);
		const archive = await open(`${server.url}/a.zip`);
		let count = 0;
		for await (const _ of archive) count += 1;
		expect(count).toBe(5_000);
		expect(server.requests).toHaveLength(2);
		const directorySize = bytes.byteLength - bytes.indexOf("PK\x01\x02");
		expect(askedSize(server, bytes.byteLength)).toBeLessThanOrEqual(directorySize + 131_072);
	});

	it("says undefined for a name that is not there, and refuses one that is there twice", async () => {
		const archive = await open(await onDisk(handMadeArchive([{ name: "a" }, { name: "b" }, { name: "b" }])));
		expect(await archive.get("c")).toBeUndefined();
		expect((await archive.get("a"))?.index).toBe(0);
		await expect(archive.get("b")).rejects.toMatchObject({
			code: "INVALID_ARCHIVE",
			message: `${archive.location}: the entry "b" is there more than once`,
		});
	});

	it("refuses to open an entry that cannot be read", async () => {
		const archive = await open(await onDisk(handMadeArchive([{ name: "a", content: "abc", flags: 1 }])));
		const entry = await archive.get("a");
		expect(entry?.encrypted).toBe(true);
		expect(() => entry?.open()).toThrow(expect.objectContaining({ code: "ENTRY_UNSUPPORTED" }));
	});

	it("never gives a mix of two archives", async () => {
		const server = await served(handMadeArchive([{ name: "a", content: "old" }]));
		const archive = await open(`${server.url}/a.zip`);
		const entry = await archive.get("a");
		server.put(handMadeArchive([{ name: "a", content: "new" }]));
		await expect(entry?.open().bytes()).rejects.toMatchObject({ code: "ARCHIVE_CHANGED" });
	});

	it("closes what it has opened if it is no archive", async () => {
		await directory.write({ "a.zip": "no archive" });
		await expect(openArchive(directory.path("a.zip"))).rejects.toMatchObject({ code: "INVALID_ARCHIVE" });
		expect(await openFiles(directory.path())).toEqual([]);
	});

	it("closes the file, and can be left to do so", async () => {
		const path = await onDisk(handMadeArchive([]));
		const archive = await openArchive(path);
		expect(await openFiles(directory.path())).toEqual([path]);
		await archive[Symbol.asyncDispose]();
		expect(await openFiles(directory.path())).toEqual([]);
	});

	it("ends a transfer when reading is left early", async () => {
		const server = await served(handMadeArchive([{ name: "a", content: Buffer.alloc(30_000_000) }]));
		const archive = await open(`${server.url}/a.zip`);
		const entry = await archive.get("a");
		for await (const _ of entry?.open() ?? []) break;
		expect(await archive.get("a")).toBeDefined();
	});

	it("stops all work with the reason of the signal", async () => {
		const stop = new AbortController();
		const reason = new Error("enough");
		const server = await served(handMadeArchive([{ name: "a", content: Buffer.alloc(30_000_000) }]));
		const archive = await open(`${server.url}/a.zip`, { signal: stop.signal });
		const entry = await archive.get("a");
		const all = async () => {
			for await (const _ of entry?.open() ?? []) stop.abort(reason);
		};
		await expect(all()).rejects.toBe(reason);
		await expect(archive.get("a")).rejects.toBe(reason);
	});

	it("reads what createZip has written, ZIP64 and all", async () => {
		const path = directory.path("b.zip");
		const names = Array.from({ length: 66_000 }, (_, at) => ({ name: `${at}`, content: "" }));
		await createZip([names], path);
		const archive = await open(path);
		expect(archive).toMatchObject({ entryCount: 66_000, zip64: true });
		let count = 0;
		for await (const _ of archive) count += 1;
		expect(count).toBe(66_000);
	});

	it.each([["ftp:"], ["s3://"], ["http://"]])("refuses the address %s", async (location) => {
		await expect(openArchive(location)).rejects.toMatchObject({
			code: location === "ftp:" ? "SOURCE_NOT_FOUND" : "INVALID_OPTION",
		});
	});
});
