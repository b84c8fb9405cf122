import { withOwnSignal } from "../async/any-signal.ts";
import { InvalidOptionError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { addressOfEdited } from "./archives/open-edited.ts";
import { mergeNames } from "./composition/merged-names.ts";
import { editArchive } from "./edit-archive.ts";
import type { EditZipResult } from "./edit-result.ts";
import { MERGE_SCHEMA, type MergeZipsOptions } from "./options.ts";

/**
 * Makes one archive of several that are in the same storage, which copies their entries itself. They are listed in the order of the
 * archives.
 *
 * All or nothing: if anything fails, nothing was published; what somebody else puts under the key of the target meanwhile stays. The
 * target may be one of the archives, whose place it takes then; the others stay.
 *
 * @param archives - Addresses, `s3://bucket/key`. Only archives that zipferry has made can be merged.
 * @param target - Address of the new archive. What is under it is replaced, unless `noClobber` is set.
 * @throws {@link InvalidOptionError} for options out of range, before anything is read.
 * @throws {@link DuplicateEntryError} if several archives have an entry of the same name, or one a file where another has a directory.
 * @throws {@link SourceError} if an archive does not exist, was not made by zipferry, or is replaced meanwhile.
 * @throws {@link ArchiveError} if an archive is damaged.
 * @throws {@link StorageError} if the storage refuses, cannot be reached, or holds something other than what was sent.
 *
 * @example
 * ```ts
 * const days = ["s3://my-bucket/2026-11-25.zip", "s3://my-bucket/2026-11-26.zip"];
 * const { copiedSize } = await mergeZips(days, "s3://my-bucket/november.zip");
 * ```
 */
export async function mergeZips(
	archives: readonly string[],
	target: string,
	options: MergeZipsOptions = {},
): Promise<EditZipResult> {
	const settings = resolveOptions(MERGE_SCHEMA, options);
	if (archives.length === 0) throw new InvalidOptionError("there are no archives to merge");
	const addresses = archives.map(addressOfEdited);
	const { dryRun: _, replace, noClobber, ...upload } = options;
	return withOwnSignal(settings, (own) =>
		editArchive({
			...{ target: addressOfEdited(target), archives: addresses, settings: own, upload, sources: [] },
			...{ replace: settings.replace, noClobber: settings.noClobber },
			choose: (kept, signal) => mergeNames(kept, settings.replace, signal),
		}),
	);
}
