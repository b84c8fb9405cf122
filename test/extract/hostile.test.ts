import { readdir, writeFile } from "node:fs/promises";
import { deflateRawSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import type { ExtractOptions } from "../../src/extract/options.ts";
import {
	DEFLATED,
	type HandMadeEntry,
	handMadeArchive,
	MADE_ON_UNIX,
	unixMode,
} from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { contentsOf } from "./tree-of.ts";

const temp = useTempDirectory();

const link = (name: string, target: string): HandMadeEntry => ({
	name,
	content: target,
	versionMadeBy: MADE_ON_UNIX,
	externalAttributes: unixMode(0o120777),
});
const GOOD: HandMadeEntry = { name: "good", content: "good" };

async function extract(entries: readonly HandMadeEntry[], options: ExtractOptions = {}) {
	await writeFile(temp.path("a.zip"), handMadeArchive(entries));
	return extractArchive(temp.path("a.zip"), temp.path("in/target"), options);
}

/** Files that hold the same bytes: the second header points to the place of the first, behind the good one. */
const overlapping = (): HandMadeEntry[] => [
	{ name: "a", content: "abc" },
	{ name: "b", content: "abc", offset: 38 },
];

const CASES: readonly (readonly [string, readonly HandMadeEntry[], string, string])[] = [
	[
		"a name that leads up",
		[{ name: "../x" }],
		"UNSAFE_ENTRY",
		'would leave the target: it has ".." in its name',
	],
	["a name that leads down and up", [{ name: "a/../../x" }], "UNSAFE_ENTRY", "would leave the target"],
	["a name that only ends in ..", [{ name: "a/.." }], "UNSAFE_ENTRY", "would leave the target"],
	["an absolute name", [{ name: "/x" }], "UNSAFE_ENTRY", "has an absolute path as its name"],
	["a name that leads up in Windows", [{ name: "..\\x" }], "UNSAFE_ENTRY", "would leave the target"],
	[
		"the same from Unix",
		[{ name: "..\\x", versionMadeBy: MADE_ON_UNIX }],
		"UNSAFE_ENTRY",
		"would leave the target",
	],
	["a name with a drive", [{ name: "C:\\x" }], "UNSAFE_ENTRY", "has an absolute path as its name"],
	["a name with a drive and a slash", [{ name: "c:/x" }], "UNSAFE_ENTRY", "has an absolute path as its name"],
	["a name on another machine", [{ name: "\\\\srv\\x" }], "UNSAFE_ENTRY", "has an absolute path as its name"],
	["a name with NUL", [{ name: "a\0b" }], "INVALID_ARCHIVE", "has a NUL byte in its name"],
	["a name that is none", [{ name: "./." }], "UNSAFE_ENTRY", "has no name of its own"],
	["a name that is too long", [{ name: "n".repeat(256) }], "UNSAFE_ENTRY", "longer than 255 bytes"],
	[
		"a name that is too deep",
		[{ name: `${"d/".repeat(1000)}f` }],
		"UNSAFE_ENTRY",
		"in more than 1,000 directories",
	],
	["an absolute link", [link("l", "/etc")], "UNSAFE_ENTRY", "is a symbolic link to an absolute path"],
	["a link that leads up", [link("a/l", "../../x")], "UNSAFE_ENTRY", "leads out of the target"],
	[
		"a link that leads up by way of a link",
		[link("a/l", ".."), link("m", "a/l/../x")],
		"UNSAFE_ENTRY",
		"leads down and up again",
	],
	["a link of another system", [link("l", "..\\x")], "UNSAFE_ENTRY", "leads out of the target"],
	["a link to nothing", [link("l", "")], "UNSAFE_ENTRY", "is a symbolic link to nothing"],
	["a link with NUL", [link("l", "a\0b")], "UNSAFE_ENTRY", "with a NUL byte in its target"],
	["a link that is too long", [link("l", "x".repeat(4096))], "UNSAFE_ENTRY", "path that is too long"],
	[
		"an entry through a link",
		[link("d", "."), { name: "d/passwd" }],
		"INVALID_ARCHIVE",
		'is in what is no directory: the entry "d"',
	],
	[
		"a link in the place of a directory",
		[{ name: "d/f" }, link("d", "x")],
		"INVALID_ARCHIVE",
		'the entry "d/f" is in it',
	],
	[
		"a name twice",
		[{ name: "a" }, { name: "a" }],
		"INVALID_ARCHIVE",
		'the entry "a" is there more than once',
	],
	[
		"a name in two spellings",
		[{ name: "a" }, { name: "./a" }],
		"INVALID_ARCHIVE",
		'would be in the place of the entry "a"',
	],
	[
		"a file and a directory",
		[{ name: "a" }, { name: "a/" }],
		"INVALID_ARCHIVE",
		'would be in the place of the entry "a"',
	],
	[
		"a directory with data",
		[{ name: "a/", content: "x" }],
		"ENTRY_UNSUPPORTED",
		"is a directory, but has data",
	],
	[
		"entries that share bytes",
		overlapping(),
		"INVALID_ARCHIVE",
		'the entry "b" shares bytes with the entry "a"',
	],
	[
		"an entry within another",
		[
			{ name: "quote", content: handMadeArchive([GOOD]) },
			{ ...GOOD, offset: 35 },
		],
		"INVALID_ARCHIVE",
		"shares bytes with",
	],
	["an encrypted entry", [{ name: "a", flags: 1, local: { flags: 1 } }], "ENTRY_UNSUPPORTED", "is encrypted"],
	[
		"an unknown method",
		[{ name: "a", method: 77, data: Buffer.from("x") }],
		"ENTRY_UNSUPPORTED",
		"by an unknown method",
	],
];

describe("an archive that is made to do harm", () => {
	beforeEach(() => temp.write({ in: null }));

	it.each(CASES)("is refused for %s, and nothing is written", async (_what, entries, code, message) => {
		await expect(extract([GOOD, ...entries])).rejects.toMatchObject({
			code,
			message: expect.stringContaining(message),
		});
		expect(await readdir(temp.path("in"))).toEqual([]);
		expect(await readdir(temp.path())).toEqual(["a.zip", "in"]);
	});

	it("is refused for names that lead out also where they are not asked for", async () => {
		await expect(extract([GOOD, { name: "../x" }], { patterns: ["good"] })).rejects.toMatchObject({
			code: "UNSAFE_ENTRY",
		});
	});

	it.each([
		["backslashes", "a\\b"],
		["colons", "a:b"],
		["two dots among others", "..a/b..c/d.."],
	])("is not what has %s in its names", async (_what, name) => {
		await extract([
			{ name, content: "x", versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o100644) },
		]);
		expect(await contentsOf(temp.path("in/target"))).toMatchObject({ [name]: "x" });
	});

	it("may have links that stay in the target", async () => {
		await extract([
			{ name: "a/b/f", content: "x" },
			link("a/b/l", "../../a/./b/f"),
			link("m", "a/b/"),
			link("a/up", ".."),
		]);
		expect(await contentsOf(temp.path("in/target"))).toEqual({
			a: null,
			"a/b": null,
			"a/b/f": "x",
			"a/b/l": "-> ../../a/./b/f",
			"a/up": "-> ..",
			m: "-> a/b/",
		});
	});

	it("gets its links that lead elsewhere if that is asked for", async () => {
		await extract([link("l", "/etc/passwd"), link("u", "../../x")], { unsafeLinks: true });
		expect(await contentsOf(temp.path("in/target"))).toEqual({ l: "-> /etc/passwd", u: "-> ../../x" });
	});
});

describe("a bomb", () => {
	const zeros = Buffer.alloc(10_000_000);

	it("is refused when it is larger than the limit", async () => {
		const entries = [{ name: "z", content: zeros, method: DEFLATED }];
		await expect(extract(entries, { maxSize: 9_999_999 })).rejects.toMatchObject({ code: "SIZE_LIMIT" });
		expect(await readdir(temp.path())).toEqual(["a.zip"]);
		expect((await extract(entries, { maxSize: 10_000_000 })).size).toBe(10_000_000);
	});

	it("is refused when it does not fit onto the disk", async () => {
		const entries: HandMadeEntry[] = Array.from({ length: 2000 }, (_, index) => ({
			...{ name: `z${index}`, method: DEFLATED, data: deflateRawSync("") },
			...{ uncompressedSize: 0xffff_fff0, local: { uncompressedSize: 0xffff_fff0 } },
		}));
		await temp.write({ "in/target": null });
		await expect(extract(entries)).rejects.toMatchObject({
			code: "DESTINATION_UNWRITABLE",
			message: expect.stringMatching(/7\.81 TiB are to be extracted, and .* are free/),
		});
		expect(await readdir(temp.path("in/target"))).toEqual([]);
	});

	it.each([
		["small", 1000, ["a.zip"]],
		["large", 9_000_000, ["a.zip", "in"]],
	])("that states a %s size gets no byte more than that", async (_what, size, left) => {
		const lie = { uncompressedSize: size };
		await expect(
			extract([{ name: "z", content: zeros, method: DEFLATED, ...lie, local: lie }]),
		).rejects.toMatchObject({ code: "ENTRY_CORRUPT", message: expect.stringContaining("more bytes than") });
		expect(await readdir(temp.path())).toEqual(left);
		expect(await readdir(temp.path("in/target")).catch(() => [])).toEqual([]);
	});
});

describe("a damaged entry", () => {
	const crc = { crc32: 1 };
	const bad = (content: Buffer): HandMadeEntry[] => [GOOD, { name: "bad", content, ...crc, local: crc }];
	const REFUSED = {
		code: "ENTRY_CORRUPT",
		entryName: "bad",
		message: expect.stringContaining("its CRC-32 is not the one"),
	};

	it("is found before anything is written, if the archive is small", async () => {
		await expect(extract(bad(Buffer.from("abc")))).rejects.toMatchObject(REFUSED);
		expect(await readdir(temp.path())).toEqual(["a.zip"]);
	});

	it.each([
		["many small ones", [...bad(Buffer.from("abc")), { name: "more", content: Buffer.alloc(5_000_000) }]],
		["a large one", bad(Buffer.alloc(6_000_000, "x"))],
	])("leaves nothing under its name otherwise, and the ones before stay: %s", async (_what, entries) => {
		await expect(extract(entries)).rejects.toMatchObject(REFUSED);
		expect(await contentsOf(temp.path("in/target"))).toMatchObject({ good: "good" });
		expect(Object.keys(await contentsOf(temp.path("in/target")))).not.toContain("bad");
	});

	it.each([
		["another name", { name: "other" }, "has another name in its local header"],
		["another size", { uncompressedSize: 5 }, "has another size in its local header"],
		["another method", { method: 8 }, "has another compression method in its local header"],
		["other flags", { flags: 1 }, "has other flags in its local header"],
	])(
		"is refused for %s in its local header while nothing is written, in an archive of any size",
		async (_what, local, message) => {
			const large = { name: "large", content: Buffer.alloc(5_000_000) };
			const entries = [
				GOOD,
				large,
				{ name: "bad", content: "bad", local },
				{ name: "last", content: "last" },
			];
			await expect(extract(entries)).rejects.toMatchObject({
				code: "INVALID_ARCHIVE",
				entryName: "bad",
				message: expect.stringContaining(message),
			});
			expect(await readdir(temp.path())).toEqual(["a.zip"]);
		},
	);

	it("that is not asked for is not looked at", async () => {
		const entries = [GOOD, { name: "bad", content: "bad", local: { name: "other" } }];
		await extract(entries, { patterns: ["good"] });
		expect(await contentsOf(temp.path("in/target"))).toEqual({ good: "good" });
	});
});
