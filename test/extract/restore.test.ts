import { execFileSync } from "node:child_process";
import { chmod, lutimes, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import type { ExtractOptions } from "../../src/extract/options.ts";
import { handMadeArchive, MADE_ON_UNIX, unixMode } from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { contentsOf, treeOf } from "./tree-of.ts";

const temp = useTempDirectory();
const umask = process.umask();
afterEach(() => process.umask(umask));

const onUnix = (mode: number) => ({ versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(mode) });

async function extract(archive: Uint8Array, options: ExtractOptions = {}) {
	await writeFile(temp.path("a.zip"), archive);
	const result = await extractArchive(temp.path("a.zip"), temp.path("t"), options);
	return { ...result, tree: await treeOf(temp.path("t")) };
}

/** The mode of each path. */
const modesOf = (tree: Awaited<ReturnType<typeof treeOf>>) =>
	Object.fromEntries(Object.entries(tree).map(([name, { mode }]) => [name, mode]));

describe("permissions", () => {
	const ARCHIVE = handMadeArchive([
		{ name: "d/", ...onUnix(0o041777) },
		{ name: "d/f", ...onUnix(0o106755) },
		{ name: "group", ...onUnix(0o100664) },
		{ name: "all", ...onUnix(0o100666) },
		{ name: "none", ...onUnix(0o100000) },
		{ name: "dos" },
		{ name: "large", content: Buffer.alloc(5_000_000), ...onUnix(0o106640) },
	]);

	it("are those of the archive whatever the umask is, but for what is harmful; those of none are by umask", async () => {
		process.umask(0o027);
		const { tree } = await extract(ARCHIVE);
		expect(modesOf(tree)).toEqual({
			...{ d: 0o775, "d/f": 0o755, group: 0o664, all: 0o664, none: 0, dos: 0o640, large: 0o640 },
		});
	});

	it.each([[0o022], [0o077], [0o000]])("of files side by side are each their own: umask %o", async (mask) => {
		process.umask(mask);
		const modes = [0o644, 0o755, 0o644, 0o664, 0o600, 0o664, 0o444, 0o755, 0o644, 0o440];
		const entries = modes.map((mode, index) => ({
			name: `${index}`,
			content: "content",
			...onUnix(0o100000 | mode),
		}));
		const { tree } = await extract(handMadeArchive(entries));
		expect(modesOf(tree)).toEqual({ ...modes });
	});

	it("are all of it if that is asked for", async () => {
		process.umask(0o022);
		const { tree } = await extract(ARCHIVE, { preserveModes: true });
		expect(modesOf(tree)).toEqual({
			...{ d: 0o1777, "d/f": 0o6755, group: 0o664, all: 0o666, none: 0, dos: 0o644, large: 0o6640 },
		});
	});

	it("of directories that no entry describes are by umask", async () => {
		process.umask(0o077);
		const { tree } = await extract(handMadeArchive([{ name: "a/b/f", ...onUnix(0o100644) }]));
		expect(modesOf(tree)).toEqual({ a: 0o700, "a/b": 0o700, "a/b/f": 0o644 });
	});

	it("of directories are set when everything is in them", async () => {
		const { tree } = await extract(
			handMadeArchive([
				{ name: "a/", ...onUnix(0o040500) },
				{ name: "a/b/", ...onUnix(0o040000) },
				{ name: "a/b/f", content: "x", ...onUnix(0o100400) },
			]),
		);
		expect(modesOf(tree)).toEqual({ a: 0o500, "a/b": 0, "a/b/f": 0o400 });
		await chmod(temp.path("t/a/b"), 0o700);
	});
});

describe("what a target cannot have", () => {
	it("is left out with a warning: devices, FIFOs, sockets", async () => {
		const events: ZipferryEvent[] = [];
		const { tree, ...result } = await extract(
			handMadeArchive([
				{ name: "f", content: "x" },
				{ name: "fifo", ...onUnix(0o010644) },
			]),
			{ onEvent: (event) => events.push(event) },
		);
		expect(Object.keys(tree)).toEqual(["f"]);
		const message = 'the entry "fifo" is a device, a FIFO or a socket; it is left out';
		const warning = { code: "ENTRY_LEFT_OUT", message, origin: "fifo" };
		expect(result).toMatchObject({ entryCount: 1, leftOutCount: 1, warnings: [warning] });
		expect(events).toContainEqual({ type: "warning", ...warning });
	});
});

describe("what is chosen", () => {
	const ARCHIVE = handMadeArchive([
		{ name: "a/" },
		{ name: "a/b/x.txt", content: "1" },
		{ name: "a/y.md", content: "2" },
		{ name: "c/x.txt", content: "3" },
		{ name: "top.txt", content: "4" },
	]);
	const chosen = async (options: ExtractOptions) => {
		await extract(ARCHIVE, options);
		return Object.entries(await contentsOf(temp.path("t"))).flatMap(([name, what]) =>
			what === null ? [] : [name],
		);
	};

	it.each([
		[["a/"], ["a/b/x.txt", "a/y.md"]],
		[["a/y.md"], ["a/y.md"]],
		[["*.txt"], ["a/b/x.txt", "c/x.txt", "top.txt"]],
		[["/*.txt"], ["top.txt"]],
		[
			["*.txt", "!a/**"],
			["c/x.txt", "top.txt"],
		],
		[
			["y.md", "c/"],
			["a/y.md", "c/x.txt"],
		],
	])("matches %j", async (patterns, names) => {
		expect(await chosen({ patterns })).toEqual(names);
	});

	it("has to be something for each pattern", async () => {
		await expect(extract(ARCHIVE, { patterns: ["*.txt", "*.gone"] })).rejects.toMatchObject({
			code: "NO_SUCH_ENTRY",
			message: `${temp.path("a.zip")}: has no entry that one of the patterns, "*.gone" matches`,
		});
		expect(await treeOf(temp.path("t"))).toEqual({});
	});

	it("loses directories at the beginning of its names, and what has no more than those", async () => {
		expect(await chosen({ stripComponents: 1 })).toEqual(["b/x.txt", "x.txt", "y.md"]);
	});

	it("may not come to the same place by that", async () => {
		await expect(
			extract(ARCHIVE, { stripComponents: 1, patterns: ["x.txt"], resume: false }),
		).resolves.toBeDefined();
		await expect(
			extract(handMadeArchive([{ name: "a/x" }, { name: "b/x" }]), { stripComponents: 1 }),
		).rejects.toMatchObject({
			code: "INVALID_ARCHIVE",
			message: expect.stringContaining('in the place of the entry "a/x"'),
		});
	});

	it("is only told of in a dry run", async () => {
		const paths: string[] = [];
		const { tree, ...result } = await extract(ARCHIVE, {
			dryRun: true,
			onEvent: (event) => event.type === "extracted" && paths.push(event.path),
		});
		expect(tree).toEqual({});
		expect(paths).toEqual(["a/", "a/b/x.txt", "a/y.md", "c/x.txt", "top.txt"]);
		expect(result).toMatchObject({ entryCount: 5, size: 4 });
	});
});

describe("an archive of ours", () => {
	const name = fc
		.oneof(
			fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }),
			fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
		)
		.map((text) => Buffer.from(text, "utf8").subarray(0, 200).toString("latin1"))
		.filter((text) => !/[\0/\\]|^\.{1,2}$|^[a-z]:/i.test(text));
	const seconds = fc.integer({ min: 400_000_000, max: 2_000_000_000 });
	const thing = fc.oneof(
		{
			weight: 4,
			arbitrary: fc.record({
				kind: fc.constant("file"),
				size: fc.integer({ min: 0, max: 3000 }),
				mode: fc.constantFrom(0o644, 0o600, 0o755, 0o664, 0o400),
				seconds,
			}),
		},
		{
			weight: 1,
			arbitrary: fc.record({
				kind: fc.constant("link"),
				size: fc.constant(0),
				mode: fc.constant(0),
				seconds,
			}),
		},
		{
			weight: 2,
			arbitrary: fc.record({
				kind: fc.constant("directory"),
				size: fc.constant(0),
				mode: fc.constantFrom(0o755, 0o700, 0o750),
				seconds,
			}),
		},
	);

	/** Makes a tree of what was drawn; paths go into the directory at `parent`, counted among those there are. */
	async function make(
		root: string,
		drawn: readonly {
			name: string;
			parent: number;
			thing: { kind: string; size: number; mode: number; seconds: number };
		}[],
	) {
		const start = Buffer.from(root).toString("latin1");
		const directories = [start];
		const seen = new Set<string>();
		const times: (() => Promise<void>)[] = [];
		await mkdir(root);
		for (const [
			index,
			{
				name,
				parent,
				thing: { kind, size, mode, seconds },
			},
		] of drawn.entries()) {
			const path = `${directories[parent % directories.length]}/${name}`;
			if (seen.has(path)) continue;
			seen.add(path);
			const bytes = Buffer.from(path, "latin1");
			if (kind === "directory") {
				await mkdir(bytes);
				await chmod(bytes, mode);
				directories.push(path);
				times.unshift(() => utimes(bytes, seconds, seconds));
			} else if (kind === "link") {
				await symlink(`target-${index}`, bytes);
				await lutimes(bytes, seconds, seconds);
			} else {
				await writeFile(bytes, Buffer.alloc(size, `content ${index} `));
				await chmod(bytes, mode);
				await utimes(bytes, seconds, seconds);
			}
		}
		for (const setTime of times) await setTime();
	}

	it("gives back what it was made of: names, contents, modes, times, links", async () => {
		let run = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ name, parent: fc.nat(20), thing }), { maxLength: 30 }),
				async (drawn) => {
					run += 1;
					await make(temp.path(`s${run}`), drawn);
					await createZip(temp.path(`s${run}`), temp.path(`${run}.zip`), { allowEmpty: true });
					await extractArchive(temp.path(`${run}.zip`), temp.path(`t${run}`));
					expect(await treeOf(temp.path(`t${run}`))).toEqual(await treeOf(temp.path(`s${run}`)));
				},
			),
			{ numRuns: 25 },
		);
	});

	it("gives back large files and many small ones, which threads write", async () => {
		await mkdir(temp.path("s/many"), { recursive: true });
		for (let index = 0; index < 400; index++)
			await writeFile(temp.path(`s/many/${index}.txt`), `${index}\n`.repeat(index));
		await writeFile(temp.path("s/large"), Buffer.alloc(9_000_000, "0123456789abcdefghijk"));
		execFileSync("sh", ["-c", "head -c 6000000 /dev/urandom > random"], { cwd: temp.path("s") });
		await createZip(temp.path("s"), temp.path("a.zip"));
		const result = await extractArchive(temp.path("a.zip"), temp.path("t"));
		expect(result).toMatchObject({ entryCount: 403 });
		const { "": _root, ...tree } = await treeOf(temp.path("t"));
		expect(tree).toEqual(await treeOf(temp.path("s")));
	});
});
