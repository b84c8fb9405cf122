import { resolveOptions } from "../options/resolve-options.ts";
import { openRanged } from "../reader/ranged/open-ranged.ts";
import { ArchiveCheck } from "./archive-check.ts";
import { VERIFY_ARCHIVE_SCHEMA, type VerifyArchiveOptions, type VerifyArchiveSettings } from "./options.ts";
import type { ContentSample } from "./pieces/content-choice.ts";
import type { VerifyArchiveResult } from "./verify-result.ts";

/**
 * Checks whether an archive is whole, where it lies: a file, an object in a bucket, what is behind an `http:` or `https:` URL.
 *
 * Damage is a result, not an error: all of it is looked for. Archives that zipferry has made are compared with what it would
 * write, byte by byte; of others, what the specification says.
 *
 * Memory does not depend on the size of the archive: some tens of MiB, and 21 bytes for each entry; for an archive whose entries do not
 * lie in the order of its directory, the directory as well.
 *
 * @param location - Path of a file, `s3://bucket/key`, or an `http:` or `https:` URL whose server answers range requests.
 * @throws {@link InvalidOptionError} for an address that is none, and options that are unknown or out of range.
 * @throws {@link SourceError} `SOURCE_NOT_FOUND` if there is nothing, `SOURCE_UNREADABLE` if a file cannot be read.
 * @throws {@link ArchiveError} `ARCHIVE_CHANGED` if it is replaced or written to meanwhile.
 * @throws {@link StorageError} if the storage or server refuses, or cannot be reached.
 *
 * @example
 * ```ts
 * const { ok, findings } = await verifyArchive("s3://my-bucket/backups/photos.zip", { level: "structure" });
 * if (!ok) for (const { entryName, message } of findings) console.error(entryName, message);
 * ```
 */
export async function verifyArchive(
	location: string | URL,
	options: VerifyArchiveOptions = {},
): Promise<VerifyArchiveResult> {
	return verifyResolved(location, resolveOptions(VERIFY_ARCHIVE_SCHEMA, options));
}

/**
 * The same for the rooms above, which have checked their options.
 *
 * @param content - Entries that are looked into besides what level "structure" has.
 */
export async function verifyResolved(
	location: string | URL,
	settings: VerifyArchiveSettings,
	content?: ContentSample | undefined,
): Promise<VerifyArchiveResult> {
	const opened = await openRanged(location, settings);
	try {
		const check = new ArchiveCheck(opened, settings, content);
		const result = await check.run();
		const { reader } = check;
		if (settings.against === undefined || reader === undefined)
			return { ...result, differenceCount: undefined, differences: [] };
		const { compareTree } = await import("./differences/compare-tree.ts");
		const compared = await compareTree(reader, settings.against, settings);
		return { ...result, ...compared, ok: result.ok && compared.differenceCount === 0 };
	} finally {
		await opened.source.close();
	}
}
