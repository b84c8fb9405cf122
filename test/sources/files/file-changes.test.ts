import { execFileSync } from "node:child_process";
import {
	appendFile,
	chmod,
	link,
	mkdir,
	rename,
	rm,
	symlink,
	truncate,
	utimes,
	writeFile,
} from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { BLOCK_SIZE } from "../../../src/zip/format/limits.ts";
import { archiveWhile } from "../../support/archive-while.ts";
import { noise } from "../../support/bytes.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

function changed(name: string): unknown {
	return expect.objectContaining({ type: "warning", code: "CHANGED_WHILE_READ", origin: temp.path(name) });
}

const LARGE = 3 * BLOCK_SIZE;

describe("files that change while they are archived", () => {
	it("leaves out what is appended after opening, and says so", async () => {
		await temp.write({ log: noise(LARGE), small: "line 1\n" });
		const { entries, events } = await archiveWhile(temp.path(), {
			opened: {
				log: () => appendFile(temp.path("log"), noise(LARGE, 2)),
				small: () => appendFile(temp.path("small"), "line 2\n"),
			},
		});
		expect(entries.map(({ uncompressedSize }) => uncompressedSize)).toEqual([LARGE, 7]);
		expect(events).toEqual(expect.arrayContaining([changed("log"), changed("small")]));
		expect(events).toHaveLength(2);
	});

	it("takes the size at opening, not the one when it was found", async () => {
		await temp.write({ f: "short" });
		const { entries, events } = await archiveWhile(temp.path(), {
			found: { f: () => appendFile(temp.path("f"), "er") },
		});
		expect([entries[0]?.content.toString(), events]).toEqual(["shorter", []]);
	});

	it.each([
		["to nothing", 10, 0],
		["by a byte", 10, 9],
		["within the first block", LARGE, 100],
		["within a later block", LARGE, 2 * BLOCK_SIZE + 5],
	])("fails for a file that shrinks %s, and never pads it", async (_what, size, left) => {
		await temp.write({ f: noise(size) });
		const made = archiveWhile(temp.path(), { opened: { f: () => truncate(temp.path("f"), left) } });
		await expect(made).rejects.toMatchObject({ code: "SOURCE_CHANGED", origin: temp.path("f") });
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("leaves out a file that shrinks before any of it is in the archive, if it may", async () => {
		await temp.write({ a: "1", f: noise(100), z: "2" });
		const { entries, events } = await archiveWhile(
			temp.path(),
			{ opened: { f: () => truncate(temp.path("f"), 1) } },
			{ skipErrors: true },
		);
		expect(entries.map(({ name }) => name)).toEqual(["a", "z"]);
		expect(events).toContainEqual(expect.objectContaining({ type: "skipped", origin: temp.path("f") }));
	});

	it("reports one that is overwritten in place", async () => {
		await temp.write({ f: "old" });
		const later = new Date("2050-01-01T00:00:00Z");
		const overwrite = async () => {
			await writeFile(temp.path("f"), "new");
			await utimes(temp.path("f"), later, later);
		};
		const { entries, events } = await archiveWhile(temp.path(), { opened: { f: overwrite } });
		expect(entries[0]?.uncompressedSize).toBe(3);
		expect(events).toEqual([changed("f")]);
	});

	it.each([
		["a new mode", () => chmod(temp.path("f"), 0o600)],
		["a hard link", () => link(temp.path("f"), temp.path("another"))],
		["another name", () => rename(temp.path("f"), temp.path("another"))],
		["another file in its place", () => rename(temp.path("new"), temp.path("f"))],
	])("says nothing of %s, as its contents are what they were", async (_what, change) => {
		await temp.write({ f: noise(LARGE), new: "new" });
		const options = { strict: true, exclude: ["new", "another"] };
		const { entries, events } = await archiveWhile(temp.path(), { opened: { f: change } }, options);
		expect(entries[0]?.content.equals(noise(LARGE))).toBe(true);
		expect(events).toEqual([]);
	});

	it("fails for one that changes, if it is to be strict", async () => {
		await temp.write({ log: noise(LARGE), quiet: "" });
		const append = { opened: { log: () => appendFile(temp.path("log"), "more") } };
		await expect(archiveWhile(temp.path(), append, { strict: true })).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			message: `${temp.path("log")} changed while it was read`,
		});
		const { entries, events } = await archiveWhile(temp.path(), {}, { strict: true });
		expect([entries.length, events]).toEqual([2, []]);
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it("fails for one that is gone before it is opened, or leaves it out", async () => {
		const vanish = { found: { f: () => rm(temp.path("f")) } };
		await temp.write({ a: "1", f: "x", z: "2" });
		await expect(archiveWhile(temp.path(), vanish)).rejects.toMatchObject({
			code: "ENOENT",
			path: temp.path("f"),
		});
		await temp.write({ f: "x" });
		const { entries, events } = await archiveWhile(temp.path(), vanish, { skipErrors: true });
		expect(entries.map(({ name }) => name)).toEqual(["a", "z"]);
		expect(events).toMatchObject([{ type: "skipped", origin: temp.path("f") }]);
	});

	it("keeps reading one that is removed after opening", async () => {
		await temp.write({ f: noise(LARGE) });
		const { entries } = await archiveWhile(temp.path(), { opened: { f: () => rm(temp.path("f")) } });
		expect(entries[0]?.content.equals(noise(LARGE))).toBe(true);
	});

	it("takes the file that is there at opening, or the one it had opened, whole", async () => {
		const replace = async () => {
			await writeFile(temp.path("new"), "replacement");
			await rename(temp.path("new"), temp.path("f"));
		};
		await temp.write({ f: "old" });
		const before = await archiveWhile(temp.path(), { found: { f: replace } });
		expect(before.entries[0]?.content.toString()).toBe("replacement");
		await temp.write({ f: "old" });
		const after = await archiveWhile(temp.path(), { opened: { f: replace } });
		expect(after.entries[0]?.content.toString()).toBe("old");
	});

	it.each([
		["a link", () => symlink("/etc/passwd", temp.path("f"))],
		["a directory", () => mkdir(temp.path("f"))],
		["a FIFO", async () => void execFileSync("mkfifo", [temp.path("f")])],
	])("does not follow, read or wait for %s in its place", async (_what, replacement) => {
		await temp.write({ f: "file" });
		const swap = async () => {
			await rm(temp.path("f"));
			await replacement();
		};
		await expect(archiveWhile(temp.path(), { found: { f: swap } })).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			message: expect.stringContaining("replaced"),
		});
		expect(await openFiles(temp.path())).toEqual([]);
	});
});
