import { chmod, rm, utimes, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { createZip, diffArchives, type EntryDifference, verifyArchive } from "../../src/index.ts";
import { type ComparedEntry, changesOf } from "../../src/verify/differences/compared-entry.ts";
import { PackedEntries } from "../../src/verify/differences/packed-entries.ts";
import { handMadeArchive } from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const directory = useTempDirectory();
let tree: string;
let archive: string;
beforeEach(async () => {
	await directory.write({
		"tree/a.txt": "alpha",
		"tree/b/c.txt": "gamma",
		"tree/b/é.txt": "accent",
		"tree/empty": null,
		"tree/link": { link: "a.txt" },
	});
	tree = directory.path("tree");
	archive = directory.path("before.zip");
	await createZip(tree, archive);
});

async function differences(
	after: string,
	options: Parameters<typeof diffArchives>[2] = {},
): Promise<EntryDifference[]> {
	const found: EntryDifference[] = [];
	for await (const difference of diffArchives(archive, after, options)) found.push(difference);
	return found;
}

async function archiveNow(): Promise<string> {
	await createZip(tree, directory.path("after.zip"));
	return directory.path("after.zip");
}

describe("diffArchives()", () => {
	it("finds none between a tree and its archives", async () => {
		expect(await differences(tree)).toEqual([]);
		expect(await differences(tree, { content: true })).toEqual([]);
		expect(await differences(await archiveNow())).toEqual([]);
	});

	it("tells what was added and removed, with its kind", async () => {
		await directory.write({ "tree/new/x": "x" });
		await rm(`${tree}/link`);
		await rm(`${tree}/empty`, { recursive: true });
		const expected = [
			{ type: "added", name: "new/", kind: "directory", changes: [] },
			{ type: "added", name: "new/x", kind: "file", changes: [] },
			{ type: "removed", name: "empty/", kind: "directory", changes: [] },
			{ type: "removed", name: "link", kind: "symlink", changes: [] },
		];
		expect(await differences(tree)).toEqual(expected);
		expect(await differences(await archiveNow())).toEqual(expected);
	});

	it("tells which facts have changed", async () => {
		await utimes(`${tree}/a.txt`, 1_000, 1_000);
		await createZip(tree, archive);
		await writeFile(`${tree}/a.txt`, "alpha and more");
		await chmod(`${tree}/a.txt`, 0o600);
		await utimes(`${tree}/a.txt`, 2_000_000_000, 2_000_000_000.5);
		const [difference, ...others] = await differences(await archiveNow());
		expect(others).toEqual([]);
		expect(difference).toMatchObject({ type: "changed", name: "a.txt" });
		expect(difference?.changes.map(({ field }) => field)).toEqual(["size", "crc32", "mode", "mtime"]);
		expect(difference?.changes).toContainEqual({
			...{ field: "mtime", before: new Date(1_000_000) },
			after: new Date(2_000_000_000_000),
		});
		const [onDisk] = await differences(tree);
		expect(onDisk?.changes.map(({ field }) => field)).toEqual(["size", "mode", "mtime"]);
	});

	it("reads the content of files if it is told to", async () => {
		await utimes(`${tree}/a.txt`, 1_000, 1_000);
		await createZip(tree, archive);
		await writeFile(`${tree}/a.txt`, "ALPHA");
		await utimes(`${tree}/a.txt`, 1_000, 1_000);
		expect(await differences(tree)).toEqual([]);
		expect(await differences(tree, { content: true })).toMatchObject([
			{ name: "a.txt", changes: [{ field: "crc32" }] },
		]);
		expect(await differences(tree, { content: true, blockingReads: true })).toHaveLength(1);
	});

	it("sees that a link leads elsewhere, and that a file has become a link", async () => {
		await rm(`${tree}/link`);
		await rm(`${tree}/a.txt`);
		await directory.write({ "tree/link": { link: "b.txt" }, "tree/a.txt": { link: "b.txt" } });
		const found = await differences(tree);
		const fields = found.map(({ name, changes }) => [name, changes.map(({ field }) => field)]);
		expect(fields).toEqual([
			["a.txt", ["kind"]],
			["link", expect.arrayContaining(["crc32"])],
		]);
	});

	it("leaves out what filters leave out", async () => {
		await directory.write({ "tree/cache/x": "x", "tree/b/y.tmp": "y" });
		await utimes(`${tree}/b`, 1_000, 1_000);
		await createZip(tree, archive, { exclude: ["cache", "*.tmp"] });
		expect(await differences(tree, { exclude: ["cache", "*.tmp"] })).toEqual([]);
		expect((await differences(tree)).map(({ name }) => name)).toEqual(["b/y.tmp", "cache/", "cache/x"]);
	});

	it("fails if the second one does not exist", async () => {
		await expect(differences(directory.path("none"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
	});

	it("keeps entries of the same name apart", async () => {
		const twice = handMadeArchive([{ name: "x" }, { name: "x" }]);
		await writeFile(archive, handMadeArchive([{ name: "x" }]));
		await writeFile(directory.path("twice.zip"), twice);
		expect(await differences(directory.path("twice.zip"))).toMatchObject([{ type: "added", name: "x" }]);
	});
});

describe("verifyArchive() against a directory", () => {
	it("lists differences, and is not ok with some", async () => {
		expect(await verifyArchive(archive, { against: tree })).toMatchObject({ ok: true, differenceCount: 0 });
		await directory.write({ "tree/new": "n" });
		expect(await verifyArchive(archive, { against: tree })).toMatchObject({
			...{ ok: false, findingCount: 0, differenceCount: 1 },
			differences: [{ type: "added", name: "new" }],
		});
	});

	it("compares content with level content only", async () => {
		await utimes(`${tree}/a.txt`, 1_000, 1_000);
		await createZip(tree, archive);
		await writeFile(`${tree}/a.txt`, "ALPHA");
		await utimes(`${tree}/a.txt`, 1_000, 1_000);
		expect(await verifyArchive(archive, { against: tree, level: "structure" })).toMatchObject({ ok: true });
		expect(await verifyArchive(archive, { against: tree })).toMatchObject({ differenceCount: 1 });
	});
});

describe("times", () => {
	const entry = (time: ComparedEntry["time"], mtimeMs: number): ComparedEntry => ({
		...{ path: Buffer.from("x"), kind: "file", size: 1, crc32: 1, mode: 0o644 },
		...{ time, mtimeMs },
	});
	const at = Date.UTC(2026, 0, 31, 12, 0, 1);

	it.each<[string, ComparedEntry, ComparedEntry, boolean]>([
		["seconds and a fraction", entry("unix", at), entry("disk", at + 999.9), true],
		["seconds and the next one", entry("unix", at), entry("disk", at + 1_000), false],
		["two seconds of MS-DOS in UTC", entry("dos", at - 1_000), entry("disk", at + 500), true],
		["MS-DOS time before 1980", entry("dos", Date.UTC(1980, 0, 1)), entry("disk", 0), true],
		["MS-DOS time in some time zone", entry("local", at + 5.5 * 3_600_000), entry("disk", at), true],
		["MS-DOS time minutes away", entry("local", at + 7 * 60_000), entry("disk", at), false],
		["MS-DOS time days away", entry("local", at + 2 * 86_400_000), entry("disk", at), false],
		["milliseconds of NTFS", entry("ntfs", at + 5), entry("disk", at + 5.4), true],
	])("are compared as exactly as both are: %s", (_, before, after, same) => {
		expect(changesOf(before, after)).toHaveLength(same ? 0 : 1);
	});
});

describe("PackedEntries", () => {
	it("finds names whose CRC-32 is the same", () => {
		const packed = new PackedEntries(2);
		// Both have the CRC-32 0x4ddb0c25.
		const names = ["plumless", "buckeroo"].map((name) => Buffer.from(name));
		for (const [index, path] of names.entries())
			packed.add({ path, kind: "file", size: index, crc32: 1, mtimeMs: 1, time: "unix", mode: undefined });
		for (const [index, path] of names.entries())
			expect(packed.take(path)).toMatchObject({ size: index, mode: undefined });
		expect(packed.take(names[0] ?? Buffer.alloc(0))).toBeUndefined();
	});
});
