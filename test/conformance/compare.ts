import { dosSeconds, keptSeconds } from "./dos-seconds.ts";
import { type EntryFacts, shown } from "./entry-facts.ts";
import type { Facets } from "./readers/reader.ts";

/** Differences between the source and what a reader made of it, as far as the reader is meant to restore it. */
export function compareEntries(
	expected: readonly EntryFacts[],
	found: readonly EntryFacts[],
	facets: Facets,
): string[] {
	const problems: string[] = [];
	const left = new Map(found.map((entry) => [entry.name, entry]));
	if (left.size < found.length) problems.push(`${found.length - left.size} names are there twice`);
	for (const entry of expected) {
		const other = left.get(entry.name);
		left.delete(entry.name);
		if (other === undefined) problems.push(`${shown(entry.name)}: missing`);
		else problems.push(...compareEntry(entry, other, facets));
	}
	for (const name of left.keys()) problems.push(`${shown(name)}: not in the source`);
	return problems;
}

function compareEntry(expected: EntryFacts, found: EntryFacts, facets: Facets): string[] {
	const problems: string[] = [];
	const compare = (what: string, is: unknown, wanted: unknown) => {
		if (is !== wanted) problems.push(`${shown(expected.name)}: ${what} ${is}, not ${wanted}`);
	};
	const { kind } = expected;
	compare("kind", found.kind, kind === "symlink" && facets.symlinks !== true ? "file" : kind);
	compare("size", found.size, expected.size);
	if (expected.sha256 !== undefined) compare("SHA-256", found.sha256, expected.sha256);
	const mask = facets.modes?.[kind];
	if (mask !== undefined) compare("mode", octal(found.mode, mask), octal(expected.mode, mask));
	const clock = facets.mtimes?.[kind];
	if (clock !== undefined && expected.mtime !== undefined) {
		const kept = clock === "dos" ? dosSeconds(expected.mtime) : keptSeconds(expected.mtime);
		compare("mtime", iso(found.mtime), iso(kept));
	}
	if (facets.descriptors === true) compare("descriptor", found.descriptor, expected.descriptor);
	if (facets.comments === true) compare("comment", found.comment ?? "", expected.comment ?? "");
	return problems;
}

function octal(mode: number | undefined, mask: number): string | undefined {
	return mode === undefined ? undefined : `0${(mode & mask).toString(8)}`;
}

function iso(seconds: number | undefined): string | undefined {
	return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 19);
}
