import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import type { ZipferryEvent } from "../../../src/events.ts";
import { entriesOf, findEntries, nameOf, readAll } from "../../support/found-entries.ts";
import { NEVER } from "../../support/signals.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

function inByteOrder(names: readonly string[]): string[] {
	return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

describe("walk: order", () => {
	it("is the byte order of entry names, in which a directory ends in a slash", async () => {
		const tree = {
			a: null,
			"a/z": "",
			"a.txt": "",
			"a-b": "",
			a0: "",
			"a b": "",
			B: "",
			é: "",
			z: null,
			"z/z": "",
		};
		await temp.write(tree);
		const { names } = await findEntries(temp.path());
		expect(names).toEqual(["B", "a b", "a-b", "a.txt", "a/", "a/z", "a0", "z/", "z/z", "é"]);
		expect(names).toEqual(inByteOrder(names));
	});

	it("is by bytes, not by UTF-16 code units", async () => {
		await temp.write({ "\uff5e": "", "\u{1f600}": "", "\ue000": "" });
		const { names } = await findEntries(temp.path());
		expect(names).toEqual(["\ue000", "\uff5e", "\u{1f600}"]);
	});

	it("is the same where links to directories are followed", async () => {
		await temp.write({
			"real/x": "",
			"tree/a-b": "",
			"tree/a.b": "",
			"tree/a0": "",
			"tree/a": { link: "../real" },
		});
		const { names } = await findEntries(temp.path("tree"), { symlinks: "follow" });
		expect(names).toEqual(["a-b", "a.b", "a/", "a/x", "a0"]);
	});

	it("does not read a directory before its turn", async () => {
		await temp.write({ "a/1": "", "b/1": "" });
		const names: string[] = [];
		for await (const entry of entriesOf(temp.path())) {
			names.push(nameOf(entry));
			if (names.length === 1) await writeFile(temp.path("b/2"), "");
		}
		expect(names).toEqual(["a/", "a/1", "b/", "b/1", "b/2"]);
	});
});

describe("walk: names (APPNOTE 4.4.17)", () => {
	it("keeps names that are no UTF-8 byte for byte, each with a warning", async () => {
		const latin1 = [
			Buffer.from("f-\xe9", "latin1"),
			Buffer.from("f-\xe8", "latin1"),
			Buffer.from("d-\xff/x", "latin1"),
		];
		await mkdir(temp.bytes(Buffer.from("d-\xff", "latin1")));
		for (const name of latin1) await writeFile(temp.bytes(name), name);
		const { entries, events } = await findEntries(temp.path());
		expect(entries.map(({ name }) => Buffer.from(name).toString("latin1"))).toEqual([
			"d-\xff/",
			"d-\xff/x",
			"f-\xe8",
			"f-\xe9",
		]);
		const warned = events.filter((event) => event.type === "warning" && event.code === "NAME_NOT_UTF8");
		expect(warned.length).toBe(4);
		for (const entry of entries.slice(1)) {
			expect(await readAll(await entry.open(NEVER))).toEqual(Buffer.from(entry.name));
		}
	});

	it.each([
		"line\nbreak",
		"\r",
		"\t",
		"\u001b[31m",
		"\u007f",
		"back\\slash",
		"..\\up",
		"C:x",
		"con",
		" space ",
		"dot.",
		'a<b>|?*"',
		"--help",
		"__proto__",
		"x".repeat(255),
		"é".repeat(127),
		"...",
	])("takes %j as it is", async (name) => {
		await temp.write({ [name]: "content" });
		const { entries, names, events } = await findEntries(temp.path());
		expect([names, events]).toEqual([[name], []]);
		const [entry] = entries;
		expect(entry === undefined ? "" : (await readAll(await entry.open(NEVER))).toString()).toBe("content");
	});

	it("keeps apart names that differ only in normalisation or case", async () => {
		await temp.write({ é: "", "e\u0301": "", A: "", a: "" });
		expect((await findEntries(temp.path())).names).toEqual(["A", "a", "e\u0301", "é"]);
	});

	it("goes deeper than the paths of the system reach", async () => {
		const script = `
const [root, name] = process.argv.slice(1);
process.chdir(root);
for (let level = 0; level < 25; level++) { fs.mkdirSync(name); process.chdir(name); }
fs.writeFileSync("deep", "x");`;
		execFileSync(process.execPath, ["-e", script, temp.path(), "d".repeat(200)]);
		try {
			const { entries, names, events } = await findEntries(temp.path());
			expect([names.length, names.at(-1)?.length, events]).toEqual([26, 25 * 201 + 4, []]);
			const last = entries.at(-1);
			expect(await last?.measure?.()).toMatchObject({ size: 1 });
			expect(last === undefined ? "" : (await readAll(await last.open(NEVER))).toString()).toBe("x");
		} finally {
			execFileSync("rm", ["-rf", temp.path()]); // fs.rm() does not reach that deep
		}
	});

	it("comes back from deeper than it keeps directories open", async () => {
		const depth = 150;
		let path = "";
		for (let level = 0; level < depth; level++) {
			path += "d/";
			await temp.write({ [`${path}z`]: `${level}` });
		}
		let mostOpen = 0;
		const contents: string[] = [];
		for await (const entry of entriesOf(temp.path())) {
			mostOpen = Math.max(mostOpen, (await openFiles(temp.path())).length);
			if (entry.kind === "file") contents.push((await readAll(await entry.open(NEVER))).toString());
		}
		expect(contents).toEqual(Array.from({ length: depth }, (_, level) => `${depth - 1 - level}`));
		expect(mostOpen).toBeLessThanOrEqual(65);
		expect(await openFiles(temp.path())).toEqual([]);
	});
});

describe("walk: what is neither file nor directory", () => {
	it("skips a FIFO and a socket with a notice, and never opens them", async () => {
		await temp.write({ file: "" });
		execFileSync("mkfifo", [temp.path("fifo")]);
		const server = createServer().listen(temp.path("socket"));
		await once(server, "listening");
		try {
			const { names, events } = await findEntries(temp.path());
			expect(names).toEqual(["file"]);
			expect(events).toEqual([
				{ type: "skipped", origin: temp.path("fifo"), reason: "FIFO" },
				{ type: "skipped", origin: temp.path("socket"), reason: "socket" },
			]);
		} finally {
			server.close();
		}
	});

	it("skips a device, and a FIFO that a followed link leads to", async () => {
		execFileSync("mkfifo", [temp.path("fifo")]);
		await temp.write({ "tree/device": { link: "/dev/zero" }, "tree/fifo": { link: "../fifo" } });
		const { names, events } = await findEntries(temp.path("tree"), { symlinks: "follow" });
		expect(names).toEqual([]);
		expect(events).toMatchObject([{ reason: "device" }, { reason: "FIFO" }]);
	});

	it.each(["/dev/null", "fifo"])("refuses %s as a source", async (name) => {
		if (name === "fifo") execFileSync("mkfifo", [temp.path("fifo")]);
		const path = name === "fifo" ? temp.path("fifo") : name;
		await expect(findEntries(path)).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringContaining("only files and directories"),
		});
	});
});

describe("walk: directories that go away", () => {
	async function withVanishing(skipErrors: boolean): Promise<{ names: string[]; events: ZipferryEvent[] }> {
		await temp.write({ "a/1": "", "b/1": "" });
		const events: ZipferryEvent[] = [];
		const names: string[] = [];
		for await (const entry of entriesOf(temp.path(), { skipErrors }, events)) {
			names.push(nameOf(entry));
			if (nameOf(entry) === "a/") await rm(temp.path("a"), { recursive: true });
		}
		return { names, events };
	}

	it("fails for one that is gone before it is read, with its path", async () => {
		await expect(withVanishing(false)).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: `cannot read ${temp.path("a")}: does not exist`,
		});
	});

	it("fails for one that is replaced before it is read, and had been emptied", async () => {
		await temp.write({ "a/1": "", "b/1": "" });
		const replace = async () => {
			for await (const entry of entriesOf(temp.path())) {
				if (nameOf(entry) !== "a/") continue;
				await rm(temp.path("a"), { recursive: true });
				await temp.write({ "a/2": "" });
			}
		};
		await expect(replace()).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			message: expect.stringContaining(`${temp.path("a")} is no longer the same directory`),
		});
	});

	it("takes an empty one as it is, at the end of a link or not", async () => {
		await temp.write({ "real/": null, "tree/link": { link: "../real" }, "tree/empty/": null });
		await temp.write({ way: { link: "tree/empty" } });
		const { names } = await findEntries(temp.path("tree"), { symlinks: "follow" });
		expect(names).toEqual(["empty/", "link/"]);
		expect((await findEntries(temp.path("way"))).names).toEqual([]);
	});

	it("goes on without its contents, if it may", async () => {
		const { names, events } = await withVanishing(true);
		expect(names).toEqual(["a/", "b/", "b/1"]);
		expect(events).toMatchObject([
			{ type: "warning", code: "UNREADABLE_SKIPPED" },
			{ type: "skipped", origin: temp.path("a"), reason: "does not exist" },
		]);
	});
});
