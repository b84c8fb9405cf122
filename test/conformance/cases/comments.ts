import type { Case } from "./case.ts";
import { generatedCase } from "./generated-case.ts";

const LONGEST = `${"ä".repeat(32_767)}x`; // 65,535 bytes

export const COMMENTS: readonly Case[] = [
	generatedCase(
		"comments",
		[
			{ name: "plain", content: "x", comment: "a comment" },
			{ name: "umlauts", content: "x", comment: "schöne Grüße" },
			{ name: "ä", content: "x", comment: "ä" },
		],
		{ options: { comment: "Archiv für alle" }, grade: "quick" },
	),
	generatedCase("entry comment of 65,535 bytes", [
		{ name: "a", content: "x", comment: LONGEST },
		{ name: "b", content: "y" },
	]),
	generatedCase("archive comment of 65,535 bytes", [{ name: "a", content: "x" }], {
		options: { comment: LONGEST },
	}),
];
