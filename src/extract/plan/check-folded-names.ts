import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { textOf } from "../../sources/files/place.ts";
import { foldedName } from "../../sources/names/portable-names.ts";
import type { PlacedEntry } from "../target.ts";
import { chosenEntries } from "./chosen-entries.ts";
import { NameCheck } from "./name-check.ts";
import type { ExtractionPlan } from "./plan-extraction.ts";

/**
 * Refuses names that differ in case only, for a target that takes them for the same: the last would silently take the place of the first.
 *
 * @throws {ArchiveError} `INVALID_ARCHIVE`
 */
export async function checkFoldedNames(
	reader: ArchiveReader,
	plan: ExtractionPlan,
	signal: AbortSignal | undefined,
): Promise<void> {
	const names = new NameCheck(reader.source.location, (path) => foldedName(textOf(path)));
	async function* entries(): AsyncGenerator<PlacedEntry, void, void> {
		for await (const batch of chosenEntries(reader, plan, signal)) yield* batch;
	}
	for await (const entry of entries()) names.add(entry);
	await names.refuseConflict(entries);
}
