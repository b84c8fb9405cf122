import { withOwnSignal } from "../async/any-signal.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { destroyUnread, holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { addressOfEdited } from "./archives/open-edited.ts";
import { editArchive } from "./edit-archive.ts";
import type { EditZipResult } from "./edit-result.ts";
import { APPEND_SCHEMA, type AppendToZipOptions } from "./options.ts";

/**
 * Adds entries to an archive in a bucket. What it has is copied by the storage, and only what is new is sent: the result is a new object
 * under the same key, with the new entries behind the old ones.
 *
 * All or nothing: if anything fails, the archive is as it was; if somebody else replaces it meanwhile, theirs stays. In a bucket that
 * keeps no versions the new object is put beside it first, under the key with `.zipferry-draft` behind it, and read back there.
 *
 * Sources get their names as with {@link uploadZip}. Entries of iterables that can be gone through only once are compared with what is
 * there when they come: `replace` has no effect on them.
 *
 * Needs `s3:GetObject`, `s3:PutObject`, `s3:GetObjectTagging`, and for a bucket without versions `s3:DeleteObject`.
 *
 * @param archive - Address, `s3://bucket/key`. Only archives that zipferry has made can be added to.
 * @throws {@link InvalidOptionError} for options out of range, before anything is read.
 * @throws {@link DuplicateEntryError} if the archive has an entry of the same name, or a file where a source has a directory.
 * @throws {@link SourceError} for a source that is missing, unreadable, empty, or changes; and if the archive does not exist, was not
 * made by zipferry, or is replaced meanwhile.
 * @throws {@link ArchiveError} if the archive is damaged.
 * @throws {@link StorageError} if the storage refuses, cannot be reached, or holds something other than what was sent.
 *
 * @example
 * ```ts
 * await appendToZip("s3://my-bucket/logs.zip", { path: "./2026-11-26.log" });
 * ```
 */
export async function appendToZip(
	archive: string,
	sources: Source | readonly Source[],
	options: AppendToZipOptions = {},
): Promise<EditZipResult> {
	holdBackUnread(sources);
	try {
		const settings = resolveOptions(APPEND_SCHEMA, options);
		const target = addressOfEdited(archive);
		const { dryRun: _, replace, allowEmpty, ...upload } = options;
		return await withOwnSignal(settings, (own) =>
			editArchive({
				...{ target, archives: [target], settings: own, upload, noClobber: false },
				sources: Array.isArray(sources) ? sources : [sources as Source],
				...{ replace: settings.replace, mayAddNothing: settings.allowEmpty },
				choose() {},
			}),
		);
	} finally {
		destroyUnread(sources);
	}
}
