import type { GeneratedEntry } from "../../../src/index.ts";
import { type EntryFacts, sha256 } from "../entry-facts.ts";
import type { Case, Grade } from "./case.ts";

const MTIME = new Date("2024-02-29T12:34:57Z");
const CONTENT = "x";

function countCase(count: number, grade: Grade): Case {
	return {
		name: `${count.toLocaleString("en")} entries`,
		grade,
		depth: "read",
		entryCount: count,
		async make() {
			const hash = sha256(Buffer.from(CONTENT));
			const facts = {
				kind: "file",
				mode: 0o644,
				mtime: MTIME.getTime() / 1000,
				size: 1,
				sha256: hash,
			} as const;
			const entries: EntryFacts[] = [];
			for (const name of names(count)) entries.push({ ...facts, descriptor: "none", name });
			return { generated: entriesOf(count), entries };
		},
	};
}

function* names(count: number): Generator<string, void, void> {
	for (let index = 0; index < count; index++) yield `entry-${index}`;
}

function* entriesOf(count: number): Generator<GeneratedEntry, void, void> {
	for (const name of names(count)) yield { name, content: CONTENT, mtime: MTIME };
}

/** The end record counts to 65,534; from there on it takes ZIP64. */
export const COUNTS: readonly Case[] = [
	countCase(65_534, "big"),
	countCase(65_535, "ci"),
	countCase(65_536, "big"),
	countCase(1_000_000, "big"),
];
