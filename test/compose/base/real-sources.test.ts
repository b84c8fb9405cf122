import { rmSync } from "node:fs";
import { mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { ZipOptions } from "../../../src/archive/options.ts";
import type { NotCopiedReason } from "../../../src/events.ts";
import { closeSources, openSources } from "../../../src/sources/open-sources.ts";
import type { Source } from "../../../src/sources/source.ts";
import { sourceSettings } from "../../support/settings.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { compose, contentsOf, factsOf, listOf } from "../composed.ts";

const NOW = Date.UTC(2026, 0, 1);
const temp = useTempDirectory();

async function write(path: string, content: string): Promise<void> {
	await mkdir(temp.path(path.slice(0, path.lastIndexOf("/"))), { recursive: true });
	await writeFile(temp.path(path), content);
	await utimes(temp.path(path), 1e9, 1e9);
}

interface Made {
	readonly bytes: Buffer;
	readonly copiedCount: number;
	readonly reasons: Readonly<Record<string, NotCopiedReason>>;
}

async function archiveOf(
	sources: readonly Source[],
	base: Uint8Array | undefined,
	zip: ZipOptions = {},
	onPlanned: () => void = () => {},
): Promise<Made> {
	const opened = await openSources(sources, sourceSettings(zip), NOW);
	try {
		const options = { zip, ignoreCtime: true, onPlanned };
		const { bytes, copied, reasons } = await compose(opened, base, options);
		return { bytes, copiedCount: copied.entryCount, reasons };
	} finally {
		await closeSources(opened);
	}
}

const namesOf = async (bytes: Uint8Array) => (await factsOf(bytes)).map(({ name }) => name);

describe("real sources with a base", () => {
	it("are several, under names of their own, made by threads or not", async () => {
		for (let index = 0; index < 40; index++) await write(`one/d${index % 3}/f${index}`, `content ${index}`);
		await write("two/x", "x");
		await symlink("x", temp.path("two/link"));
		const sources: Source[] = [
			{ path: temp.path("one"), as: "first" },
			{ path: temp.path("two"), as: "second/deep" },
			{ name: "generated.txt", content: "made here", mtime: new Date(NOW) },
			{ command: ["printf", "said"], name: "said.txt" },
		];
		const { bytes } = await archiveOf(sources, undefined);
		await write("one/d1/f4", "another");
		await write("one/d1/added", "added");
		await rm(temp.path("one/d0/f0"));
		const made = await archiveOf(sources, bytes);
		const full = await archiveOf(sources, undefined);
		const told = async (archive: Uint8Array) =>
			(await listOf(archive)).filter((entry) => (entry as string[])[0] !== "said.txt");
		expect(await told(made.bytes)).toEqual(await told(full.bytes)); // what is said has the time of the run
		expect(await contentsOf(made.bytes)).toEqual(await contentsOf(full.bytes));
		expect(made.reasons).toMatchObject({
			"said.txt": "unknown",
			"first/d1/f4": "size",
			"first/d1/added": "new",
		});
		expect(made.copiedCount).toBeGreaterThan(40);
	});

	it("are read where a program gives content and time, one of which may change without the other", async () => {
		const mtime = new Date(1e12);
		let calls = 0;
		const of = (text: string): Source[] => [
			{ name: "a:content", content: text, mtime },
			{ name: "bytes", content: Buffer.from("constant"), mtime },
			{
				name: "function",
				content: () => {
					calls += 1;
					return Buffer.from(text);
				},
				size: text.length,
				mtime,
			},
			{ name: "link", linkTarget: text, mtime },
		];
		const zip = { portableNames: true };
		const { bytes } = await archiveOf(of("old"), undefined, zip);
		calls = 0;
		const made = await archiveOf(of("new"), bytes, zip);
		expect(made.reasons).toEqual({ a_content: "content", function: "unknown", link: "content" });
		expect(await contentsOf(made.bytes)).toEqual(
			await contentsOf((await archiveOf(of("new"), undefined, zip)).bytes),
		);
		expect(made.copiedCount).toBe(1);
		expect(calls).toBe(2);
	});

	it("get portable names, which are those in the base", async () => {
		for (const name of ["a:b", "con", "plain", "q?"]) await write(`tree/${name}`, name);
		const zip = { portableNames: true };
		const { bytes } = await archiveOf([temp.path("tree")], undefined, zip);
		await write("tree/q?", "changed");
		const made = await archiveOf([temp.path("tree")], bytes, zip);
		const full = await archiveOf([temp.path("tree")], undefined, zip);
		expect(await listOf(made.bytes)).toEqual(await listOf(full.bytes));
		expect(made.copiedCount).toBe(3);
	});

	it("may lose files between planning and reading, where what cannot be read is left out", async () => {
		for (const name of ["a", "b", "c", "d"]) await write(`tree/${name}`, name);
		const zip = { skipErrors: true };
		const { bytes } = await archiveOf([temp.path("tree")], undefined, zip);
		await write("tree/b", "changed");
		await write("tree/dd", "new");
		const vanish = () => {
			for (const name of ["b", "c"]) rmSync(temp.path(`tree/${name}`));
		};
		const made = await archiveOf([temp.path("tree")], bytes, zip, vanish);
		// What was copied was there when it was looked at; what was to be made is not.
		expect(await namesOf(made.bytes)).toEqual(["a", "c", "d", "dd"]);
		expect((await contentsOf(made.bytes)).get("c")).toEqual(Buffer.from("c"));
	});

	it("give what iterables bring anew, and refuse names that are there", async () => {
		await write("tree/a", "a");
		const generated = (name: string) => [{ name, content: "generated", mtime: new Date(1e12) }];
		const both = (name: string): Source[] => [
			{ path: temp.path("tree"), as: "" },
			(function* () {
				yield* generated(name);
			})(),
		];
		const { bytes } = await archiveOf(both("g"), undefined);
		const made = await archiveOf(both("g"), bytes);
		expect((await contentsOf(made.bytes)).get("g")).toEqual(Buffer.from("generated"));
		expect(made.copiedCount).toBe(1);
		const taken = archiveOf(both("a"), bytes);
		await expect(taken).rejects.toMatchObject({ code: "DUPLICATE_ENTRY", entryName: "a" });
	});

	it("may be another archive", async () => {
		for (let index = 0; index < 10; index++) await write(`tree/f${index}`, `text ${index} `.repeat(50));
		const { bytes: first } = await archiveOf([temp.path("tree")], undefined);
		await writeFile(temp.path("first.zip"), first);
		const sources: Source[] = [{ archive: temp.path("first.zip") }];
		const { bytes } = await archiveOf(sources, undefined);
		await write("tree/f3", "text 3 ".repeat(49));
		const { bytes: second } = await archiveOf([temp.path("tree")], undefined);
		await rm(temp.path("first.zip"));
		await writeFile(temp.path("second.zip"), second);
		await rename(temp.path("second.zip"), temp.path("first.zip"));
		const made = await archiveOf(sources, bytes);
		const full = await archiveOf(sources, undefined);
		expect(await listOf(made.bytes)).toEqual(await listOf(full.bytes));
		expect(await contentsOf(made.bytes)).toEqual(await contentsOf(full.bytes));
		expect(Object.keys(made.reasons)).toEqual(["f3"]);
	});

	it("are compared by their content if asked", async () => {
		await write("tree/a", "one");
		await write("tree/b", "two");
		const { bytes } = await archiveOf([temp.path("tree")], undefined);
		await write("tree/b", "owt"); // the same size and time
		const opened = await openSources([temp.path("tree")], sourceSettings({}), NOW);
		const made = await compose(opened, bytes, { check: "content" });
		expect(made.reasons).toEqual({ b: "content" });
		expect((await contentsOf(made.bytes)).get("b")).toEqual(Buffer.from("owt"));
		await closeSources(opened);
	});
});
