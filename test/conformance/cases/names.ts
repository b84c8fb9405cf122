import type { Case } from "./case.ts";
import { generatedCase } from "./generated-case.ts";
import { treeCase } from "./tree-case.ts";

const NAMES: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
	"umlauts, NFC": ["Grüße", "äöüÄÖÜß"],
	"umlauts, NFD": ["Gru\u0308ße", "a\u0308o\u0308u\u0308"],
	"NFC and NFD side by side": ["\u00e4", "a\u0308"],
	emoji: ["🎉.txt", "👩‍👩‍👧"],
	"255 bytes": ["n".repeat(255), `${"é".repeat(127)}x`],
	spaces: ["a b", " leading", "two  spaces"],
	newline: ["a\nb"],
	tab: ["a\tb"],
	ESC: ["a\u001b[31mb"],
	backslash: ["a\\b", "..\\up"],
	"C:x": ["C:x"],
	"leading -": ["-", "--help", "-rf"],
	"trailing dot and space": ["dot.", "space "],
	"reserved on Windows": ["con", "NUL.txt", "a<b>|c?"],
	"upper and lower case": ["case", "CASE"],
	"no UTF-8": [Buffer.from("latin1-\u00e9", "latin1"), Buffer.from([0x66, 0xff, 0xfe, 0x80])],
};

const QUICK_NAMES = ["umlauts, NFC", "no UTF-8"];

/** 65,535 bytes in segments that a file system takes, and a path that none takes. */
const LONGEST = `${"n".repeat(254)}/`.repeat(256) + "n".repeat(255);

export const ENTRY_NAMES: readonly Case[] = [
	...Object.entries(NAMES).map(([title, names]) =>
		treeCase(
			`name: ${title}`,
			names.map((path) => ({ path, content: "content" })),
			{ grade: QUICK_NAMES.includes(title) ? "quick" : "small" },
		),
	),
	treeCase("name: a directory with umlauts", [{ path: "für" }, { path: "für/ä", content: "content" }]),
	generatedCase("name: 65,535 bytes", [{ name: LONGEST, content: "content" }], { depth: "read" }),
];
