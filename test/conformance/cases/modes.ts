import type { Case } from "./case.ts";
import { type TreeItem, treeCase } from "./tree-case.ts";

function octal(mode: number): string {
	return mode.toString(8).padStart(4, "0");
}

const FILES: readonly TreeItem[] = Array.from({ length: 0o400 }, (_, index) => {
	const mode = 0o400 + index;
	return { path: octal(mode), content: octal(mode), mode };
});

const DIRECTORIES: readonly TreeItem[] = Array.from({ length: 0o100 }, (_, index) => {
	const mode = 0o700 + index;
	return { path: `d-${octal(mode)}`, mode };
});

export const MODES: readonly Case[] = [
	treeCase("modes 0400 to 0777", [...FILES, ...DIRECTORIES], { grade: "quick" }),
	treeCase("setuid, setgid, sticky", [
		{ path: "setuid", content: "x", mode: 0o4755 },
		{ path: "setgid", content: "x", mode: 0o2755 },
		{ path: "sticky", mode: 0o1777 },
		{ path: "inherits", mode: 0o2775 },
	]),
];
