import type { CopyableEntries } from "../../compose/copyable/copyable-entries.ts";
import { NotCopyableError, readCopyable } from "../../compose/copyable/read-copyable.ts";
import { InvalidOptionError, SourceError } from "../../errors.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { ArchiveReader } from "../../reader/archive-reader.ts";
import { OPEN_ARCHIVE_SCHEMA } from "../../reader/options.ts";
import { openRanged } from "../../reader/ranged/open-ranged.ts";
import { looksLikeS3Url, type ObjectAddress, parseS3Url } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { whyArchived } from "../../s3/objects/archived-classes.ts";
import { headObject, type ObjectHead } from "../../s3/objects/head-object.ts";
import { type StorageSettings, storageOf } from "../../s3/options.ts";
import { firstContact } from "../../s3/retry.ts";
import { sourceChanged } from "../../storage/parts/copied-part.ts";
import { type PinnedObject, pinObject } from "../../upload/base/pinned-object.ts";

/** An archive whose entries go into another one as they are, or into its own next version. */
export interface EditedArchive {
	/** `s3://bucket/key`. */
	readonly location: string;
	/** Its state, from which all is read and copied. */
	readonly pin: PinnedObject;
	readonly head: ObjectHead;
	readonly reader: ArchiveReader;
	readonly entries: CopyableEntries;
}

/** How archives are opened. */
export interface OpeningEdited extends StorageSettings {
	readonly retryTimeMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the address of an archive that is edited.
 *
 * @throws {InvalidOptionError} if it is not in a bucket.
 */
export function addressOfEdited(location: string): ObjectAddress {
	if (looksLikeS3Url(location)) return parseS3Url(location);
	throw new InvalidOptionError(
		`"${location}" is not in a bucket: an archive is changed where it is, by copying within the storage; its address looks like s3://my-bucket/backups/photos.zip`,
	);
}

/**
 * Opens an archive whose entries are to be copied, and reads its directory. The caller closes its reader.
 *
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is none, `SOURCE_CHANGED` if it was replaced meanwhile, `SOURCE_UNREADABLE` if
 * its entries cannot be copied.
 * @throws {ArchiveError} if it is damaged.
 */
export async function openEdited(
	address: ObjectAddress,
	settings: OpeningEdited,
	connection: Connection,
	onEvent: ZipferryEventListener,
): Promise<EditedArchive> {
	const { signal, retryTimeMs } = settings;
	const location = `s3://${address.bucket}/${address.key}`;
	const head = await headObject(connection, address, { signal, ...firstContact(retryTimeMs) });
	if (head === undefined)
		throw new SourceError("SOURCE_NOT_FOUND", `${location} does not exist`, { origin: location });
	const archived = whyArchived(head);
	if (archived !== undefined) throw unreadable(location, archived, "restore it first");
	const pin = pinObject(address, head);
	const reading = { ...storageOf(settings), versionId: pin.versionId, signal, onEvent, retryTimeMs };
	const opened = await openRanged(location, resolveOptions(OPEN_ARCHIVE_SCHEMA, reading));
	try {
		const { identity } = opened.source;
		if (identity.type !== "s3" || identity.etag !== pin.etag) throw sourceChanged(pin);
		const reader = new ArchiveReader(opened);
		return { location, pin, head, reader, entries: await readCopyable(reader, signal) };
	} catch (error) {
		await opened.source.close();
		throw error instanceof NotCopyableError
			? unreadable(location, error.message, anew(location), error)
			: error;
	}
}

function anew(location: string): string {
	return `archive its entries anew, with ${location}!/ as a source`;
}

function unreadable(location: string, what: string, text: string, cause?: unknown): SourceError {
	return new SourceError("SOURCE_UNREADABLE", `${location} ${what}`, {
		origin: location,
		advice: { kind: "other", text },
		cause,
	});
}
