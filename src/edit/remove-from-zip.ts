import { withOwnSignal } from "../async/any-signal.ts";
import { InvalidOptionError, SourceError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { Selection } from "../reader/selection.ts";
import { addressOfEdited } from "./archives/open-edited.ts";
import type { KeptEntries } from "./composition/kept-entries.ts";
import { editArchive } from "./edit-archive.ts";
import type { EditZipResult } from "./edit-result.ts";
import { REMOVE_SCHEMA, type RemoveFromZipOptions } from "./options.ts";

/**
 * Removes entries from an archive in a bucket. What is left is copied by the storage: the result is a new object under the same key. In
 * a bucket that keeps versions the old one is still there, and so is what was removed.
 *
 * All or nothing, as {@link appendToZip} is.
 *
 * @param archive - Address, `s3://bucket/key`. Only archives that zipferry has made can be changed.
 * @param patterns - In gitignore syntax; an entry goes that matches one, or is in a directory that does. `!pattern` keeps some of them.
 * Each pattern has to match something.
 * @throws {@link InvalidOptionError} for options out of range, before anything is read.
 * @throws {@link ArchiveError} `NO_SUCH_ENTRY` if a pattern matches nothing; others if the archive is damaged.
 * @throws {@link SourceError} if the archive does not exist, was not made by zipferry, or is replaced meanwhile; `SOURCE_EMPTY` if
 * nothing would be left.
 * @throws {@link StorageError} if the storage refuses, cannot be reached, or holds something other than what was sent.
 *
 * @example
 * ```ts
 * const { removedEntryCount } = await removeFromZip("s3://my-bucket/photos.zip", ["*.raw", "drafts/"]);
 * ```
 */
export async function removeFromZip(
	archive: string,
	patterns: readonly string[],
	options: RemoveFromZipOptions = {},
): Promise<EditZipResult> {
	const settings = resolveOptions(REMOVE_SCHEMA, options);
	if (!patterns.some((pattern) => !pattern.startsWith("!")))
		throw new InvalidOptionError("a pattern is needed that says what goes", { option: "patterns" });
	const hopeless = patterns.find((pattern) => pattern.trim() === "" || pattern.startsWith("#"));
	if (hopeless !== undefined)
		throw new InvalidOptionError(`the pattern "${hopeless}" can match nothing`, { option: "patterns" });
	const target = addressOfEdited(archive);
	const { dryRun: _, allowEmpty, ...upload } = options;
	return withOwnSignal(settings, (own) =>
		editArchive({
			...{ target, archives: [target], settings: own, upload, sources: [] },
			...{ replace: false, noClobber: false },
			choose(kept) {
				leaveOutMatching(kept, patterns);
				if (kept.count === 0 && !settings.allowEmpty) throw nothingLeft(archive);
			},
		}),
	);
}

function leaveOutMatching(kept: KeptEntries, patterns: readonly string[]): void {
	const selection = new Selection(patterns);
	for (const [number, { entries, location }] of kept.archives.entries()) {
		for (let index = 0; index < entries.count; index++)
			if (selection.takes(entries.factsOf(index).name)) kept.leaveOut(number, index);
		selection.checkAllMatched(location);
	}
}

function nothingLeft(archive: string): SourceError {
	return new SourceError("SOURCE_EMPTY", `the patterns match all of ${archive}: nothing would be left`, {
		origin: archive,
		advice: { kind: "set-option", option: "allowEmpty", value: true, purpose: "if that is meant" },
	});
}
