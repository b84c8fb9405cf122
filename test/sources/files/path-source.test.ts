import { lstat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { findEntries } from "../../support/found-entries.ts";
import { NEVER } from "../../support/signals.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

describe("names of what a path gives", () => {
	const tree = { "one/a": "1", "one/sub/b": "2", "two/a": "3", file: "4" };

	it("puts the contents of a single directory at the root", async () => {
		await temp.write(tree);
		expect((await findEntries(temp.path("one"))).names).toEqual(["a", "sub/", "sub/b"]);
		expect((await findEntries(`${temp.path("one")}///`)).names).toEqual(["a", "sub/", "sub/b"]);
	});

	it("puts each of several directories under its name", async () => {
		await temp.write(tree);
		const { names } = await findEntries([temp.path("two"), temp.path("one"), temp.path("file")]);
		expect(names).toEqual(["two/", "two/a", "one/", "one/a", "one/sub/", "one/sub/b", "file"]);
	});

	it.each([
		["one", "x", ["x/", "x/a", "x/sub/", "x/sub/b"]],
		["one", "x/y/", ["x/y/", "x/y/a", "x/y/sub/", "x/y/sub/b"]],
		["one", "", ["a", "sub/", "sub/b"]],
		["one", "ü", ["ü/", "ü/a", "ü/sub/", "ü/sub/b"]],
		["file", "x/y", ["x/y"]],
	])("puts %s under the name %j if it is given", async (path, as, names) => {
		await temp.write(tree);
		expect((await findEntries({ path: temp.path(path), as })).names).toEqual(names);
	});

	it.each(["../x", "/x/../y", "a//b", "./x", "x\0"])("refuses the name %j for a path", async (as) => {
		await temp.write(tree);
		await expect(findEntries({ path: temp.path("one"), as })).rejects.toMatchObject({
			code: "INVALID_ENTRY_NAME",
		});
	});

	it("refuses a file without a name", async () => {
		await temp.write(tree);
		await expect(findEntries({ path: temp.path("file"), as: "" })).rejects.toMatchObject({
			code: "INVALID_ENTRY_NAME",
		});
	});

	it("takes a path with dots for what it leads to", async () => {
		await temp.write(tree);
		expect((await findEntries(temp.path("one/../file"))).names).toEqual(["file"]);
		const several = await findEntries([temp.path("one/."), temp.path("two/../two")]);
		expect(several.names[0]).toBe("one/");
		expect(several.names.at(-1)).toBe("two/a");
	});
});

describe("paths that lead nowhere", () => {
	it.each([
		["nothing", "SOURCE_NOT_FOUND", "does not exist"],
		["file/below", "SOURCE_NOT_FOUND", ""],
		["loop", "SOURCE_UNREADABLE", "too many levels"],
		["broken", "SOURCE_NOT_FOUND", "does not exist"],
		["x".repeat(300), "SOURCE_UNREADABLE", "the path is too long"],
	])("fails for %s with the path", async (name, code, reason) => {
		await temp.write({ file: "", loop: { link: "loop" }, broken: { link: "nowhere" } });
		const path = temp.path(name);
		await expect(findEntries(path, { skipErrors: true })).rejects.toMatchObject({
			code,
			origin: path,
			message: expect.stringContaining(`source ${path}: ${reason}`),
		});
	});

	it.each(["ftp://host/x", "https:/host/x"])("says how addresses begin for %s", async (path) => {
		await expect(findEntries(path)).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			message: `source ${path}: does not exist; addresses begin with s3://, https:// or http://`,
		});
	});

	it.each(["", "a\0b"])("refuses the path %j", async (path) => {
		await expect(findEntries(path)).rejects.toMatchObject({ code: "INVALID_OPTION" });
		await expect(findEntries({ path })).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});
});

describe("entries of a path", () => {
	it("tell their size without being opened", async () => {
		await temp.write({ "t/f": "12345", "t/l": { link: "target" }, "t/d": null });
		const { entries } = await findEntries(temp.path("t"));
		const sizes = await Promise.all(
			entries.map(async (entry) => (await entry.measure?.())?.size ?? entry.size),
		);
		expect(sizes).toEqual([0, 5, 6]);
	});

	it("have the time that is set for all", async () => {
		await temp.write({ "t/f": "x", "t/l": { link: "f" }, "t/d": null });
		const mtime = new Date("2000-01-01T00:00:00Z");
		const { entries } = await findEntries(temp.path("t"), { mtime });
		for (const entry of entries) {
			expect(entry.mtimeMs).toBe(mtime.getTime());
			if (entry.kind !== "file") continue;
			const reader = await entry.open(NEVER);
			expect(reader.mtimeMs).toBe(mtime.getTime());
			await reader.close();
		}
	});

	it("have the time and mode of directories and links themselves", async () => {
		await temp.write({ "t/d": null, "t/l": { link: "d" } });
		const { entries } = await findEntries(temp.path("t"));
		for (const [index, name] of ["t/d", "t/l"].entries()) {
			const { mtimeMs, mode } = await lstat(temp.path(name));
			expect(entries[index]).toMatchObject({ mtimeMs, mode });
		}
	});

	it("leaves out a named file that is to be omitted, and says so", async () => {
		await temp.write({ "archive.zip": "x" });
		const path = temp.path("archive.zip");
		const { names, events } = await findEntries(path, { omit: [path] });
		expect(names).toEqual([]);
		expect(events).toEqual([{ type: "skipped", origin: path, reason: "the archive itself" }]);
	});

	it("leaves out the files that are to be omitted, however they are written", async () => {
		await temp.write({ "t/f": "x", "t/archive.zip": "x", "t/sub/archive.zip": "x" });
		const omit = [`${temp.path()}/./t/sub/../archive.zip`];
		expect((await findEntries(temp.path("t"), { omit })).names).toEqual(["f", "sub/", "sub/archive.zip"]);
	});
});
