import { execFileSync } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import type { ArchivedSource } from "../../../src/sources/source.ts";
import { lines, noise } from "../../support/bytes.ts";
import {
	DEFLATED,
	type HandMadeEntry,
	handMadeArchive,
	MADE_ON_UNIX,
	u32,
	unixMode,
} from "../../support/hand-made-archive.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { madeZip } from "../../support/made-zip.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();
const MTIME = new Date("2026-01-31T12:00:00Z");

/** Puts an archive of the tree `from` there, and archives from it. */
async function archiveOfTree(tree: Parameters<typeof temp.write>[0], options: CreateZipOptions = {}) {
	await temp.write(Object.fromEntries(Object.entries(tree).map(([name, item]) => [`from/${name}`, item])));
	const { bytes } = await madeZip(temp.path("from"), { mtime: MTIME, ...options });
	await writeFile(temp.path("a.zip"), bytes);
	return bytes;
}

async function fromHandMade(entries: readonly HandMadeEntry[], options: CreateZipOptions = {}) {
	await writeFile(temp.path("a.zip"), handMadeArchive(entries));
	return madeZip({ archive: temp.path("a.zip") }, options);
}

function fromArchive(source: Omit<ArchivedSource, "archive"> = {}, options: CreateZipOptions = {}) {
	return madeZip({ archive: temp.path("a.zip"), ...source }, options);
}

const namesOf = (bytes: Buffer) => inspectArchive(bytes).entries.map(({ name }) => name);

const TREE = {
	"photos/a.txt": lines(5000),
	"photos/2026/b.bin": noise(300_000),
	"photos/2026/large.txt": lines(3_000_000),
	"photos/empty": "",
	"photos/link": { link: "a.txt" },
	other: "x",
} as const;

describe("openArchivedSource", () => {
	it("archives all entries as they are, with their times, permissions and links", async () => {
		const original = inspectArchive(await archiveOfTree(TREE));
		const { entries } = inspectArchive((await fromArchive()).bytes);
		const facts = (list: typeof entries) =>
			list.map(({ name, kind, mode, modified, method, crc32, compressedSize, content }) => ({
				...{ name, kind, mode, modified, method, crc32, compressedSize },
				content: content.toString("base64"),
			}));
		expect(facts(entries)).toEqual(facts(original.entries));
	});

	it("states sizes in the local header of what it copies, so that no descriptor is needed", async () => {
		await archiveOfTree(TREE);
		const { entries } = inspectArchive((await fromArchive()).bytes);
		expect(entries.every(({ descriptor }) => descriptor === "none")).toBe(true);
	});

	it.each([
		["photos", ["photos/", "photos/2026/", "photos/2026/b.bin"]],
		["photos/", ["photos/", "photos/2026/", "photos/2026/b.bin"]],
		["./photos//2026", ["2026/", "2026/b.bin", "2026/large.txt"]],
	])("takes a directory, %s, by its last segment", async (entry, first) => {
		await archiveOfTree(TREE);
		expect(namesOf((await fromArchive({ entry })).bytes).slice(0, 3)).toEqual(first);
	});

	it("takes one entry, under the name that is asked for", async () => {
		await archiveOfTree(TREE);
		expect(namesOf((await fromArchive({ entry: "photos/a.txt" })).bytes)).toEqual(["a.txt"]);
		expect(namesOf((await fromArchive({ entry: "photos/a.txt", as: "b/c.txt" })).bytes)).toEqual(["b/c.txt"]);
		expect(namesOf((await fromArchive({ entry: "photos/2026/", as: "" })).bytes)).toEqual([
			"b.bin",
			"large.txt",
		]);
		expect(namesOf((await fromArchive({ as: "old/" })).bytes).slice(0, 2)).toEqual([
			"old/other",
			"old/photos/",
		]);
	});

	it("refuses what is not there, and a file without a name", async () => {
		await archiveOfTree(TREE);
		await expect(fromArchive({ entry: "photo" })).rejects.toMatchObject({ code: "NO_SUCH_ENTRY" });
		await expect(fromArchive({ entry: "other/" })).rejects.toMatchObject({ code: "NO_SUCH_ENTRY" });
		await expect(fromArchive({ entry: "other", as: "" })).rejects.toMatchObject({
			code: "INVALID_ENTRY_NAME",
		});
		await expect(fromArchive({ entry: "/other" })).rejects.toMatchObject({ code: "INVALID_ENTRY_NAME" });
		await expect(madeZip({ archive: temp.path("no.zip") })).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
		});
	});

	it("filters as for a directory: relative to what is named", async () => {
		await archiveOfTree(TREE);
		const names = async (options: CreateZipOptions) =>
			namesOf((await fromArchive({ entry: "photos", as: "" }, options)).bytes);
		expect(await names({ exclude: ["2026/"] })).toEqual(["a.txt", "empty", "link"]);
		expect(await names({ include: ["/2026/*.bin"] })).toEqual(["2026/b.bin"]);
		expect(await names({ excludeLargerThan: 10_000, symlinks: "skip" })).toEqual(["2026/", "a.txt", "empty"]);
	});

	it.each([
		["store", "stored", "stored"],
		["deflate", "deflated", "deflated"],
		["auto", "deflated", "stored"],
	] as const)("keeps the method %s: text %s, noise %s", async (method, text, random) => {
		await archiveOfTree(TREE, { method: "auto" });
		const { entries } = inspectArchive((await fromArchive({}, { method })).bytes);
		const methods = new Map(entries.map(({ name, method }) => [name, method]));
		expect(methods.get("photos/2026/large.txt")).toBe(text);
		expect(methods.get("photos/2026/b.bin")).toBe(random);
	});

	it("predicts the size of what is copied exactly", async () => {
		await archiveOfTree(TREE);
		const { bytes, events } = await fromArchive();
		expect(events.find(({ type }) => type === "planned")).toMatchObject({ sizeBound: bytes.byteLength });
	});

	it("tells as many bytes read as the entries have", async () => {
		await archiveOfTree(TREE);
		const { events } = await fromArchive();
		const planned = events.find((event) => event.type === "planned");
		const progress = events.findLast((event) => event.type === "progress");
		expect(progress?.readSize ?? 0).toBe(planned?.sourceSize);
	});

	it("gives archives that other programs read", async () => {
		await archiveOfTree(TREE);
		const { bytes } = await fromArchive();
		await writeFile(temp.path("b.zip"), bytes);
		execFileSync("unzip", ["-tq", temp.path("b.zip")]);
		const script = "import sys, zipfile; assert zipfile.ZipFile(sys.argv[1]).testzip() is None";
		execFileSync("python3", ["-c", script, temp.path("b.zip")]);
	});

	it("takes comments, names that are not UTF-8, and data descriptors along", async () => {
		const content = lines(2000);
		const { bytes, events } = await fromHandMade([
			{ name: "a", content: "x", comment: "nöte" },
			{ name: Buffer.from([0x66, 0xfc]), content: "y", versionMadeBy: MADE_ON_UNIX },
			{
				...{ name: "d", content, method: DEFLATED, flags: 8 },
				local: { crc32: 0, compressedSize: 0, uncompressedSize: 0 },
				behind: Buffer.concat(descriptorOf(content)),
			},
		]);
		const { entries } = inspectArchive(bytes);
		expect(entries.map(({ comment }) => comment)).toEqual(["nöte", "", ""]);
		expect(entries[1]?.nameBytes).toEqual(Buffer.from([0x66, 0xfc]));
		expect(entries[2]?.content).toEqual(content);
		expect(entries[2]?.descriptor).toBe("none");
		expect(events).toContainEqual(expect.objectContaining({ code: "NAME_NOT_UTF8" }));
	});

	it("leaves empty and . segments of names out, and refuses names that lead elsewhere", async () => {
		const { bytes } = await fromHandMade([{ name: "./a//b", content: "x" }]);
		expect(namesOf(bytes)).toEqual(["a/b"]);
		for (const name of ["../a", "/a"])
			await expect(fromHandMade([{ name, content: "x" }])).rejects.toMatchObject({
				code: "INVALID_ENTRY_NAME",
			});
	});

	it("leaves devices out", async () => {
		const device = { versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o020_666) };
		const { bytes, events } = await fromHandMade([{ name: "null", ...device }, { name: "a" }]);
		expect(namesOf(bytes)).toEqual(["a"]);
		expect(events).toContainEqual(expect.objectContaining({ type: "skipped", reason: "special file" }));
	});

	it("refuses a name that is there twice", async () => {
		const twice = [
			{ name: "a", content: "1" },
			{ name: "a", content: "2" },
		];
		await expect(fromHandMade(twice)).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
	});

	it.each([
		["encrypted", { flags: 1 }, /"bad" is encrypted, which is not supported/],
		["of an unknown method", { method: 12, data: gzipSync("x") }, /compressed by bzip2 \(method 12\)/],
	])("refuses an entry that is %s, or leaves it out", async (_what, facts, message) => {
		const entries = [
			{ name: "bad", content: "x", ...facts },
			{ name: "good", content: "y" },
		];
		await expect(fromHandMade(entries)).rejects.toMatchObject({ code: "ENTRY_UNSUPPORTED", message });
		const { bytes, warnings } = await fromHandMade(entries, { skipErrors: true });
		expect(namesOf(bytes)).toEqual(["good"]);
		expect(warnings).toEqual([expect.stringMatching(/left out .*a\.zip!\/bad: is /)]);
	});
});

describe("openArchivedSource: broken archives", () => {
	it.each([
		["stored", 0, 500],
		["deflated", DEFLATED, 500],
		["large and stored", 0, 3_000_000],
		["large and deflated", DEFLATED, 2_500_000],
	])("refuses data that is %s and has another CRC-32, copied or not", async (_what, method, size) => {
		const entries = [{ name: "a", content: noise(size), method, crc32: 1, local: { crc32: 1 } }];
		for (const choice of ["auto", "store", "deflate"] as const)
			await expect(fromHandMade(entries, { method: choice })).rejects.toMatchObject({
				code: "ENTRY_CORRUPT",
			});
	});

	it.each([500, 2_500_000])(
		"refuses deflated data of %d bytes whose size is not the one that is stated",
		async (size) => {
			const content = noise(size);
			const entries = [
				{
					name: "a",
					content,
					method: DEFLATED,
					uncompressedSize: size - 1,
					local: { uncompressedSize: size - 1 },
				},
			];
			await expect(fromHandMade(entries)).rejects.toMatchObject({ code: "ENTRY_CORRUPT" });
		},
	);

	it("leaves a broken entry out if that is asked for", async () => {
		const { bytes, warnings } = await fromHandMade(
			[
				{ name: "bad", content: lines(500), method: DEFLATED, crc32: 1, local: { crc32: 1 } },
				{ name: "good", content: "y" },
			],
			{ skipErrors: true },
		);
		expect(namesOf(bytes)).toEqual(["good"]);
		expect(warnings).toHaveLength(1);
	});

	it("refuses an archive that is cut off", async () => {
		const bytes = await archiveOfTree(TREE);
		await writeFile(temp.path("a.zip"), bytes.subarray(0, -100));
		await expect(fromArchive()).rejects.toMatchObject({ code: "INVALID_ARCHIVE" });
	});

	it.each([{}, { skipErrors: true }])(
		"fails if the archive changes while it is read: %o",
		async (options) => {
			await archiveOfTree(TREE);
			let isChanged = false;
			const change = async () => {
				if (isChanged) return;
				isChanged = true;
				await appendFile(temp.path("a.zip"), "x");
			};
			const onEvent: CreateZipOptions["onEvent"] = ({ type }) => (type === "planned" ? change() : undefined);
			await expect(fromArchive({}, { ...options, onEvent })).rejects.toMatchObject({
				code: "SOURCE_CHANGED",
			});
		},
	);

	it("leaves no file that is incomplete", async () => {
		await archiveOfTree(TREE);
		const bytes = await readFile(temp.path("a.zip"));
		const at = bytes.indexOf("photos/2026/large.txt") + 10_000;
		bytes.writeUInt32LE(~bytes.readUInt32LE(at) >>> 0, at);
		await writeFile(temp.path("a.zip"), bytes);
		await expect(fromArchive()).rejects.toMatchObject({ code: "ENTRY_CORRUPT" });
	});
});

function descriptorOf(content: Uint8Array): Uint8Array[] {
	const [entry] = inspectHandMade(content);
	return [u32(0x0807_4b50), u32(entry.crc32), u32(entry.compressedSize), u32(content.byteLength)];
}

function inspectHandMade(content: Uint8Array): [{ crc32: number; compressedSize: number }] {
	const bytes = handMadeArchive([{ name: "d", content, method: DEFLATED }]);
	return [{ crc32: bytes.readUInt32LE(14), compressedSize: bytes.readUInt32LE(18) }];
}
