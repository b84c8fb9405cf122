import { Turns } from "../../async/turns.ts";
import type { CopyableEntries } from "../../compose/copyable/copyable-entries.ts";
import { displayName } from "../../zip/format/entry-name.ts";
import type { KeptEntries } from "./kept-entries.ts";
import { directoriesAbove, fileAndDirectory, meet, type Named, parentOf } from "./names.ts";

/**
 * Goes through the names of all archives, and lets one entry of each name stay.
 *
 * @param replace - Whether that is the one of the last archive which has it.
 * @throws {DuplicateEntryError} for a name that several have, unless the last is to win, and for a file where another has a directory.
 */
export async function mergeNames(
	kept: KeptEntries,
	replace: boolean,
	signal?: AbortSignal | undefined,
): Promise<void> {
	const { archives } = kept;
	if (archives.length < 2) return;
	const turns = new Turns();
	for (const [number, { entries }] of archives.entries()) {
		let parent: string | undefined;
		for (let index = 0; index < entries.count; index++) {
			if (turns.due) await turns.give();
			signal?.throwIfAborted();
			const entry = named(kept, number, index);
			meetLater(kept, number, index, entry, replace);
			const own = parentOf(entry.name);
			if (own === parent) continue; // neighbours, as a rule
			parent = own;
			refuseFilesAbove(kept, number, entry);
		}
	}
}

function meetLater(kept: KeptEntries, number: number, index: number, entry: Named, replace: boolean): void {
	for (let other = number + 1; other < kept.archives.length; other++) {
		const found = entriesOf(kept, other).indexOf(entry.name);
		if (found === undefined) continue;
		const stays = meet(entry, named(kept, other, found), replace);
		if (stays === "second") kept.leaveOut(number, index);
		else kept.leaveOut(other, found);
	}
}

function refuseFilesAbove(kept: KeptEntries, number: number, entry: Named): void {
	for (const directory of directoriesAbove(entry.name)) {
		for (let other = 0; other < kept.archives.length; other++) {
			if (other === number) continue;
			const found = entriesOf(kept, other).indexOf(directory);
			if (found === undefined) continue;
			const above = named(kept, other, found);
			if (above.kind !== "directory") throw fileAndDirectory(above, entry);
		}
	}
}

/** An entry of an archive, as its name is compared. */
export function named({ archives }: KeptEntries, number: number, index: number): Named {
	const archive = archives[number];
	if (archive === undefined) throw new TypeError("there is no such archive");
	const { rawName, kind } = archive.entries.factsOf(index);
	return { name: rawName, kind, origin: `${archive.location}!/${displayName(rawName)}` };
}

function entriesOf({ archives }: KeptEntries, number: number): CopyableEntries {
	const archive = archives[number];
	if (archive === undefined) throw new TypeError("there is no such archive");
	return archive.entries;
}
