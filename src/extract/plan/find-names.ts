import type { Batches } from "../../async/batches.ts";
import type { EntryFacts } from "../../reader/entry.ts";

/** Names of two entries by their indices. */
export async function findNames(
	entries: Batches<EntryFacts>,
	[first, second]: readonly [number, number],
): Promise<readonly [string, string]> {
	let names: readonly [string, string] = ["", ""];
	for await (const batch of entries) {
		for (const { index, name } of batch) {
			if (index === first) names = [name, names[1]];
			if (index === second) return [names[0], name];
		}
	}
	return names;
}
