import type { Case } from "./case.ts";
import { treeCase } from "./tree-case.ts";

const TARGET = { path: "target.txt", content: "what links point to\n" };

export const KINDS: readonly Case[] = [
	treeCase("empty archive", [], { grade: "quick" }),
	treeCase(
		"files and directories",
		[
			{ path: "a" },
			{ path: "a/b" },
			{ path: "a/b/text.txt", content: "line\n".repeat(1000) },
			{ path: "a/noise.bin", content: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b" },
			{ path: "z.txt", content: "x" },
		],
		{ grade: "quick" },
	),
	treeCase("empty directories", [{ path: "a" }, { path: "a/b" }, { path: "c" }]),
	treeCase("files of 0 bytes", [
		{ path: "0", content: "" },
		{ path: "1", content: "x" },
		{ path: "2", content: "" },
	]),
	treeCase(
		"link, relative",
		[
			{ path: "d" },
			{ path: "d/up", target: "../target.txt" },
			{ path: "to-directory", target: "d" },
			{ path: "to-file", target: "target.txt" },
			TARGET,
		],
		{ grade: "quick" },
	),
	treeCase("link, absolute", [{ path: "link", target: "/etc/hostname" }, TARGET]),
	treeCase("link, out of the tree", [{ path: "link", target: "../../outside" }, TARGET]),
	treeCase("link, broken", [{ path: "link", target: "nowhere" }, TARGET]),
	treeCase("link, looping", [
		{ path: "a", target: "b" },
		{ path: "b", target: "a" },
		{ path: "self", target: "self" },
		{ path: "d" },
		{ path: "d/again", target: "." },
		TARGET,
	]),
	treeCase("link, name and target with umlauts", [
		{ path: "grüße", content: "x" },
		{ path: "übrig", target: "grüße" },
	]),
];
