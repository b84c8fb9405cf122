import type { Archive, ArchiveEntry } from "../../../reader/archive.ts";
import { ArchiveError } from "../../../reader/archive-error.ts";
import { EXIT } from "../../exit-codes.ts";
import type { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { READER_OPTIONS } from "../../options/reader-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { withArchive } from "./open-for-command.ts";

type CatOptions = Omit<typeof OUTPUT_OPTIONS, "json"> &
	typeof READER_OPTIONS &
	typeof FIND_OPTIONS &
	typeof CONNECT_OPTIONS;
type CatGiven = Given<CatOptions, { readonly archive: string; readonly entry: readonly string[] }>;

export async function runCat({ operands, values, settings }: CatGiven, io: Io): Promise<number> {
	return withArchive(operands.archive, settings, values, io, async (archive) => {
		const entries = await find(archive, operands.entry);
		for (const entry of entries)
			for await (const chunk of entry.open()) {
				await io.stdout.write(chunk, "the data is not complete");
				if (io.stdout.failed) return EXIT.ok;
			}
		return EXIT.ok;
	});
}

/** The entries of these names, found in one pass, before anything is written. */
async function find(archive: Archive, names: readonly string[]): Promise<readonly ArchiveEntry[]> {
	const { location } = archive;
	const found = new Map<string, ArchiveEntry>();
	const wanted = new Set(names);
	for await (const entry of archive) {
		const { name } = entry;
		if (!wanted.has(name)) continue;
		if (found.has(name))
			throw new ArchiveError("INVALID_ARCHIVE", "is there more than once", { location, entryName: name });
		found.set(name, entry);
	}
	return names.map((name) => {
		const entry = found.get(name);
		if (entry === undefined) throw new ArchiveError("NO_SUCH_ENTRY", `has no entry "${name}"`, { location });
		if (entry.kind === "directory")
			throw new ArchiveError("NO_SUCH_ENTRY", "is a directory", { location, entryName: name });
		return entry;
	});
}
