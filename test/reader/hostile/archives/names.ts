import { crc32 } from "node:zlib";
import {
	extraField,
	type HandMadeEntry,
	handMadeArchive,
	MADE_ON_UNIX,
	u32,
	unixMode,
} from "../../../support/hand-made-archive.ts";
import { about, type HostileArchive, refusedBy } from "../hostile-archive.ts";

const UTF8 = 1 << 11;
const NUL = "has a NUL byte in its name";
const TWO_NAMES = "has two names: another one in its Unicode path field";
const OTHER_NAME = "has another name in its local header";
const LEAVES = 'would leave the target: it has ".." in its name';
const ABSOLUTE = "has an absolute path as its name";
const GOOD = { name: "good.txt", content: "good" };

function beside(...entries: readonly HandMadeEntry[]): () => Buffer {
	return () => handMadeArchive([GOOD, ...entries]);
}

/** A Unicode path field that belongs to the first name, with the second. */
function unicode(of: string | Uint8Array, name: string): Buffer {
	return extraField(0x7075, Buffer.from([1]), u32(crc32(of)), Buffer.from(name));
}

function link(name: string, target: string): HandMadeEntry {
	return { name, content: target, versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o120777) };
}

const latin1 = Buffer.from("caf\xe9.txt", "latin1");

/** Names that programs read in different ways. */
const AMBIGUOUS = [
	...refusedBy("listing", [
		[about("", "has no name"), "no name", beside({ name: "" })],
		[about("a.txt\0.exe", NUL), "a name that ends twice", beside({ name: "a.txt\0.exe" })],
		[about("\0", NUL), "a name of a NUL byte", beside({ name: "\0" })],
		[
			about("evil.sh", TWO_NAMES),
			"a Unicode path that is another name",
			beside({ name: "a.txt", extra: unicode("a.txt", "evil.sh") }),
		],
		[
			about("../é", TWO_NAMES),
			"a Unicode path that leads elsewhere",
			beside({ name: "a.txt", extra: unicode("a.txt", "../é") }),
		],
		[
			about("é.txt", TWO_NAMES),
			"a Unicode path beside a name in UTF-8",
			beside({ name: "é.txt", flags: UTF8, extra: unicode("é.txt", "è.txt") }),
		],
		[
			about("cafΘ.txt", "is said to have a name in UTF-8, and has not"),
			"a name in Latin-1 that is said to be UTF-8",
			beside({ name: latin1, flags: UTF8 }),
		],
	]),
	...refusedBy("reading", [
		[
			about("a.txt", OTHER_NAME),
			"another name in the local header",
			beside({ name: "a.txt", local: { name: "b.txt" } }),
		],
		[
			about("a.txt", OTHER_NAME),
			"a longer name in the local header",
			beside({ name: "a.txt", local: { name: "a.txt.exe" } }),
		],
		[
			about("a.txt", OTHER_NAME),
			"another case in the local header",
			beside({ name: "a.txt", local: { name: "A.TXT" } }),
		],
		[
			about("a.txt", OTHER_NAME),
			"a name in the local header that leads up",
			beside({ name: "a.txt", local: { name: "../a.txt" } }),
		],
		[
			about("é.txt", OTHER_NAME),
			"another encoding of the name in the local header",
			beside({ name: "é.txt", flags: UTF8, local: { flags: 0 } }),
		],
		[
			about("a.txt", OTHER_NAME),
			"a Unicode path in the local header only",
			beside({ name: "a.txt", local: { extra: unicode("a.txt", "evil.sh") } }),
		],
		[
			about("café.txt", OTHER_NAME),
			"a Unicode path that is another one in the local header",
			beside({
				name: latin1,
				extra: unicode(latin1, "café.txt"),
				local: { extra: unicode(latin1, "cafè.txt") },
			}),
		],
	]),
];

/** Names and links that are good for nothing but harm, and those that cannot be there side by side. */
const UNSAFE = refusedBy("extracting", [
	...(["../x", "a/../../x", "a/..", "..", "..\\x", "a\\..\\..\\x"] as const).map(
		(name) => [about(shown(name), LEAVES), `the name ${name}`, beside({ name })] as const,
	),
	...(["/etc/x", "C:\\x", "c:/x", "\\\\srv\\x", "//srv/x"] as const).map(
		(name) => [about(shown(name), ABSOLUTE), `the name ${name}`, beside({ name })] as const,
	),
	[
		about("..\\x", LEAVES),
		"a name of Windows, made on Unix",
		beside({ name: "..\\x", versionMadeBy: MADE_ON_UNIX }),
	],
	[
		about("l", "is a symbolic link to an absolute path"),
		"a link to a file of the system",
		beside(link("l", "/etc/passwd")),
	],
	[
		about("d/l", "is a symbolic link that leads out of the target"),
		"a link that leads up",
		beside(link("d/l", "../../x")),
	],
	[
		about("l", "is a symbolic link that leads down and up again, and may leave the target"),
		"a link through a link",
		beside(link("up", "."), link("l", "up/../../x")),
	],
	[
		about("d/passwd", 'is in what is no directory: the entry "d"'),
		"a file through a link",
		beside(link("d", "good"), { name: "d/passwd" }),
	],
	[
		about("d/", 'would be in the place of the entry "d"'),
		"a directory in the place of a link",
		beside(link("d", "x"), { name: "d/" }),
	],
	[about("l", "is there more than once"), "a link twice", beside(link("l", "x"), link("l", "y"))],
	[
		about("good.txt", "is there more than once"),
		"a name twice",
		beside({ name: "good.txt", content: "evil" }),
	],
	[
		about("./good.txt", 'would be in the place of the entry "good.txt"'),
		"a name in two spellings",
		beside({ name: "./good.txt", content: "evil" }),
	],
	[
		about("d//f", 'would be in the place of the entry "d/f"'),
		"two slashes",
		beside({ name: "d/f" }, { name: "d//f" }),
	],
	[
		about("good.txt/b", 'is in what is no directory: the entry "good.txt"'),
		"a file in a file",
		beside({ name: "good.txt/b" }),
	],
]);

/** Backslashes of MS-DOS are slashes. */
function shown(name: string): string {
	return name.includes("/") ? name : name.replaceAll("\\", "/");
}

export const NAMES: readonly HostileArchive[] = [...AMBIGUOUS, ...UNSAFE];
