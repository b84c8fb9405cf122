import { SourceError } from "../../errors.ts";
import { ArchiveError } from "../../reader/archive-error.ts";
import { ArchiveReader } from "../../reader/archive-reader.ts";
import type { OpenArchiveSettings } from "../../reader/options.ts";
import { openRanged } from "../../reader/ranged/open-ranged.ts";
import type { RangedSource } from "../../reader/ranged/ranged-source.ts";

/**
 * Opens an archive that is a source: once it is not what it was any more, the source has changed.
 *
 * @throws as `openArchive` does.
 */
export async function openSourceArchive(
	location: string | URL,
	settings: OpenArchiveSettings,
): Promise<ArchiveReader> {
	const { source, tail } = await openRanged(location, settings);
	try {
		return new ArchiveReader({ source: toldAsSource(source), tail });
	} catch (error) {
		await source.close();
		throw error;
	}
}

function toldAsSource(source: RangedSource): RangedSource {
	const { location, size, identity } = source;
	return {
		...{ location, size, identity },
		async *read(start, end, signal) {
			try {
				yield* source.read(start, end, signal);
			} catch (error) {
				throw error instanceof ArchiveError && error.code === "ARCHIVE_CHANGED"
					? new SourceError("SOURCE_CHANGED", error.message, { origin: location, cause: error })
					: error;
			}
		},
		storedHashes: (signal) => source.storedHashes(signal),
		close: () => source.close(),
	};
}
