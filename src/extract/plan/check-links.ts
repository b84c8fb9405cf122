import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { decompressNow } from "../../reader/decompress.ts";
import { type FetchedEntry, readInRuns } from "../../reader/runs.ts";
import { unsafeEntry } from "../extract-error.ts";
import type { ExtractSettings } from "../options.ts";
import type { PlacedEntry, Target } from "../target.ts";
import { chosenEntries, toBeRead } from "./chosen-entries.ts";
import { linkObjection } from "./link-target.ts";
import type { ExtractionPlan } from "./plan-extraction.ts";

/**
 * Reads the links that are going to be extracted, and refuses those that lead out of the target, while nothing has been written.
 *
 * @throws {ExtractError} `UNSAFE_ENTRY`
 */
export async function checkLinks(
	reader: ArchiveReader,
	target: Target,
	plan: ExtractionPlan,
	{ unsafeLinks, signal }: ExtractSettings,
): Promise<void> {
	const { location } = reader.source;
	const links = toBeRead(
		chosenEntries(reader, plan, signal, ({ kind }) => kind === "symlink"),
		plan,
	);
	for await (const run of readInRuns(reader, links, { signal }))
		for (const fetched of run)
			for (const one of fetched) {
				const { entry } = one;
				const linkTarget = await linkTargetOf(location, one);
				const objection = linkObjection(entry.path, linkTarget, unsafeLinks);
				if (objection !== undefined) throw unsafeEntry(location, entry.name, objection);
				if (target.lookAtLink(entry, linkTarget) !== "done") continue;
				plan.chosen.delete(entry.index);
				plan.entryCount -= 1;
				plan.fileCount -= 1;
				plan.doneCount += 1;
			}
}

/** The target of a link, as a byte string. */
export async function linkTargetOf(location: string, fetched: FetchedEntry<PlacedEntry>): Promise<string> {
	const { entry } = fetched;
	const data = "data" in fetched ? fetched.data : await collected(fetched.stream());
	const { buffer, byteOffset, byteLength } = decompressNow(location, entry, data);
	return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const all: Uint8Array[] = [];
	for await (const chunk of chunks) all.push(chunk);
	return Buffer.concat(all);
}
