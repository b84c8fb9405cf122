import { symlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { findEntries, nameOf, readAll } from "../../support/found-entries.ts";
import { NEVER } from "../../support/signals.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

describe("walk: symbolic links", () => {
	const tree = {
		"real/file": "content",
		"tree/to-file": { link: "../real/file" },
		"tree/to-directory": { link: "../real" },
		"tree/broken": { link: "nowhere" },
		"tree/absolute": { link: "/etc/../nothing" },
	} as const;

	it("stores them as they are by default, broken or not", async () => {
		await temp.write(tree);
		const { entries, events } = await findEntries(temp.path("tree"));
		const links: Record<string, string> = {};
		for (const entry of entries)
			links[`${entry.kind} ${nameOf(entry)}`] = (await readAll(await entry.open(NEVER))).toString();
		expect(links).toEqual({
			"symlink absolute": "/etc/../nothing",
			"symlink broken": "nowhere",
			"symlink to-directory": "../real",
			"symlink to-file": "../real/file",
		});
		expect(events).toEqual([]);
	});

	it("keeps a target that is no UTF-8", async () => {
		await symlink(Buffer.from("\xe9", "latin1"), temp.path("l"));
		const { entries } = await findEntries(temp.path());
		const [entry] = entries;
		expect(entry === undefined ? undefined : await readAll(await entry.open(NEVER))).toEqual(Buffer.of(0xe9));
	});

	it("leaves them out under skip, and says so", async () => {
		await temp.write({ ...tree, "tree/file": "" });
		const { names, events } = await findEntries(temp.path("tree"), { symlinks: "skip" });
		expect(names).toEqual(["file"]);
		expect(events).toHaveLength(4);
		expect(events[0]).toEqual({
			type: "skipped",
			origin: temp.path("tree/absolute"),
			reason: "symbolic link",
		});
	});

	it.each(["store", "follow", "skip"] as const)(
		"follows one that is a source itself, whatever %s says of those in it",
		async (symlinks) => {
			await temp.write({ ...tree, current: { link: "real" }, "to-file": { link: "real/file" } });
			expect((await findEntries(temp.path("current"), { symlinks })).names).toEqual(["file"]);
			const { entries } = await findEntries([temp.path("current"), temp.path("to-file")], { symlinks });
			expect(entries.map((entry) => `${entry.kind} ${nameOf(entry)}`)).toEqual([
				"directory current/",
				"file current/file",
				"file to-file",
			]);
		},
	);

	it("puts what they lead to in their place under follow", async () => {
		const { "tree/broken": _broken, "tree/absolute": _absolute, ...sound } = tree;
		await temp.write(sound);
		const { entries, names } = await findEntries(temp.path("tree"), { symlinks: "follow" });
		expect(names).toEqual(["to-directory/", "to-directory/file", "to-file"]);
		expect(entries.map(({ kind }) => kind)).toEqual(["directory", "file", "file"]);
		const last = entries.at(-1);
		expect(last === undefined ? "" : (await readAll(await last.open(NEVER))).toString()).toBe("content");
	});

	it.each([
		["a broken link", { "tree/l": { link: "nowhere" } }, "does not exist"],
		[
			"links that lead to each other",
			{ "tree/l": { link: "m" }, "tree/m": { link: "l" } },
			"too many levels",
		],
		["a link to itself", { "tree/l": { link: "l" } }, "too many levels"],
		["a link to the directory it is in", { "tree/l": { link: "." } }, "leads back"],
		["a link to a directory above", { "tree/a/b/l": { link: "../../.." } }, "leads back"],
	])("names %s under follow, and does not run in circles", async (_what, links, reason) => {
		await temp.write(links);
		await expect(findEntries(temp.path("tree"), { symlinks: "follow" })).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringContaining(reason),
		});
		const { events } = await findEntries(temp.path("tree"), { symlinks: "follow", skipErrors: true });
		expect(events.at(-1)).toMatchObject({ type: "skipped", reason: expect.stringContaining(reason) });
	});

	it("follows two links to one directory, which is no circle", async () => {
		await temp.write({ "real/f": "", "tree/1": { link: "../real" }, "tree/2": { link: "../real" } });
		const { names } = await findEntries(temp.path("tree"), { symlinks: "follow" });
		expect(names).toEqual(["1/", "1/f", "2/", "2/f"]);
	});

	it("follows a link that is itself the source, whatever the policy", async () => {
		await temp.write({
			"real/f": "",
			"link-to-directory": { link: "real" },
			"link-to-file": { link: "real/f" },
		});
		for (const symlinks of ["store", "skip"] as const) {
			expect((await findEntries(temp.path("link-to-directory"), { symlinks })).names).toEqual(["f"]);
			expect((await findEntries(temp.path("link-to-file"), { symlinks })).names).toEqual(["link-to-file"]);
		}
	});
});
