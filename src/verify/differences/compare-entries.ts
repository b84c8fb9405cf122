import type { Batches } from "../../async/batches.ts";
import { displayName } from "../../zip/format/entry-name.ts";
import { type ComparedEntry, changesOf } from "./compared-entry.ts";
import type { EntryDifference } from "./difference.ts";
import type { PackedEntries } from "./packed-entries.ts";

/**
 * The differences: those of what there is after, in its order, and then what is not there any more, in the order before.
 *
 * @param before - Is used up.
 */
export async function* compareEntries(
	before: PackedEntries,
	after: Batches<ComparedEntry>,
): AsyncGenerator<EntryDifference, void, void> {
	for await (const batch of after) {
		for (const entry of batch) {
			const old = before.take(entry.path);
			if (old === undefined) {
				yield difference("added", entry);
				continue;
			}
			const changes = changesOf(old, entry);
			if (changes.length > 0) yield { ...difference("changed", entry), changes };
		}
	}
	for (const entry of before.rest()) yield difference("removed", entry);
}

function difference(type: EntryDifference["type"], { path, kind }: ComparedEntry): EntryDifference {
	return { type, name: `${displayName(path)}${kind === "directory" ? "/" : ""}`, kind, changes: [] };
}
