import { hears } from "../../archive/heard-events.ts";
import { BaseComposition } from "../../compose/base/base-composition.ts";
import { RUN_JOINING } from "../../compose/base/chains.ts";
import { NotCopyableError, readCopyable } from "../../compose/copyable/read-copyable.ts";
import { SourceError } from "../../errors.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { ArchiveError } from "../../reader/archive-error.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { openReader } from "../../reader/open-archive.ts";
import { OPEN_ARCHIVE_SCHEMA } from "../../reader/options.ts";
import { parseS3Url } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { factsOf } from "../../s3/errors/refusals.ts";
import { ARCHIVED_CLASSES, whyArchived } from "../../s3/objects/archived-classes.ts";
import { headObject, type ObjectHead } from "../../s3/objects/head-object.ts";
import { storageOf } from "../../s3/options.ts";
import { copyingConnection, whyNoCopies } from "../../storage/copying/copying-connection.ts";
import { supposeCopying } from "../../storage/copying/probe-copying.ts";
import { encodeArchiveComment } from "../../zip/format/archive-comment.ts";
import { FORMAT_VERSION } from "../../zip/format/format-version.ts";
import { levelOf } from "../../zip/levels.ts";
import { type ArchiveMetadata, readArchiveMetadata } from "../archive-metadata.ts";
import { retryTimeOf, type UploadSettings } from "../options.ts";
import { JoinedObjects } from "./joined-objects.ts";
import { type PinnedObject, pinObject } from "./pinned-object.ts";

/** A base that can be used. */
export interface OpenedBase {
	readonly pin: PinnedObject;
	readonly composition: BaseComposition;
	/** The connection by which its ranges become parts. */
	readonly connection: Connection;
	/** Temporary objects in which short runs are joined, if they are to be. */
	readonly joined?: JoinedObjects | undefined;
}

/** Parts of its own that an archive needs, whatever is copied. */
const OWN_PARTS_SHARE = 1 / 2;

/**
 * Opens the base of an upload, and reads its directory.
 *
 * @param trial - Whether copying is tried where nobody knows the storage, or supposed to work, as in a plan, which writes nothing.
 * @returns why it cannot be used, in words that go on behind its address.
 * @throws {StorageError} if the storage cannot be reached or refuses.
 */
export async function openBase(
	base: string,
	settings: UploadSettings,
	connection: Connection,
	onEvent: ZipferryEventListener,
	trial: "made" | "supposed",
): Promise<OpenedBase | string> {
	const { signal, baseVersionId: versionId } = settings;
	const unable = whyUnable(settings, connection);
	if (unable !== undefined) return unable;
	const address = parseS3Url(base);
	const looking = { versionId, signal, retryTimeMs: retryTimeOf(settings) };
	const head = await headObject(connection, address, looking).catch((error: unknown) => {
		if (factsOf(error).status === BAD_REQUEST) return NEEDS_KEY;
		throw error;
	});
	if (typeof head === "string") return head;
	if (head === undefined) return "does not exist";
	const metadata = readArchiveMetadata(head.metadata);
	const unfit = whyUnfit(head, metadata, settings);
	if (unfit !== undefined || metadata === undefined) return unfit ?? NO_METADATA;
	const pin = pinObject(address, head);
	let reader: ArchiveReader | undefined;
	try {
		reader = await openReader(base, readingOf(settings, pin));
		if (reader.source.identity.type === "s3" && reader.source.identity.etag !== pin.etag)
			return "was replaced while it was looked at";
		const entries = await readCopyable(reader, signal);
		const source = { bucket: pin.bucket, key: pin.key, versionId: pin.versionId };
		const sample = { source, etag: pin.etag, size: pin.size };
		const how = { signal, retryTimeMs: retryTimeOf(settings), object: settings, onEvent };
		const copying =
			trial === "made"
				? await copyingConnection(connection, settings, sample, how)
				: supposeCopying(connection);
		if (typeof copying === "string") return `cannot be copied from, as a trial has failed: ${copying}`;
		const { minPartSize, maxPartSize, maxPartCount } = connection.provider.limits;
		const startedMs = startOf(metadata, head);
		const { baseCheck: check, ignoreCtime, mtime, maxMtime, method, comment } = settings;
		const rangeOf = (start: number, end: number) => ({
			...{ source, etag: pin.etag, offset: start, byteLength: end - start },
		});
		const joined = settings.joinRuns
			? new JoinedObjects(copying, {
					target: { bucket: settings.bucket, key: settings.key },
					...{ object: settings, rangeOf, signal, retryTimeMs: retryTimeOf(settings), onEvent },
				})
			: undefined;
		const composition = new BaseComposition(
			{ location: base, entries, rangeOf, join: joined?.join },
			{
				rule: {
					method,
					baseStartedMs: startedMs,
					check,
					ignoreCtime,
					fixedTimes: mtime !== undefined || maxMtime !== undefined,
				},
				cutting: {
					minSize: minPartSize,
					maxPartSize,
					maxPartCount: Math.floor(maxPartCount * OWN_PARTS_SHARE),
				},
				joining: RUN_JOINING,
				...{ method, signal, commentSize: encodeArchiveComment(comment).byteLength },
				onNotCopied: hears(onEvent, "not-copied")
					? (name, reason) => void onEvent({ type: "not-copied", name, reason })
					: undefined,
			},
		);
		return { pin, composition, connection: copying, joined };
	} catch (error) {
		if (error instanceof NotCopyableError) return error.message;
		if (error instanceof ArchiveError) return error.reason;
		// The restored copy of it may be gone by now; and the storage need not say where an object is.
		if (factsOf(error).serverCode === "InvalidObjectState") return `is archived${RESTORE_FIRST}`;
		if (error instanceof SourceError && error.code === "SOURCE_NOT_FOUND") return "does not exist any more";
		throw error;
	} finally {
		await reader?.close();
	}
}

/** AWS answers so to a look at an object without the key that it is encrypted with; HEAD has no body that would say more. */
const BAD_REQUEST = 400;
const NEEDS_KEY = "cannot be looked at; it may be encrypted with a key that goes with each request (SSE-C)";

const RESTORE_FIRST = "; it can be copied from once it is restored";
const NO_METADATA = "was not uploaded by zipferry";

function whyUnable({ storageClass }: UploadSettings, { provider }: Connection): string | undefined {
	if (storageClass !== undefined && ARCHIVED_CLASSES.has(storageClass))
		return `is of no use for an archive of storage class ${storageClass}, which could not be read back`;
	const reason = whyNoCopies(provider);
	return reason === undefined ? undefined : `cannot be copied from, as ${reason}`;
}

function whyUnfit(
	head: ObjectHead,
	metadata: ArchiveMetadata | undefined,
	{ method, level }: UploadSettings,
): string | undefined {
	const archived = whyArchived(head);
	if (archived !== undefined) return `${archived}${RESTORE_FIRST}`;
	if (metadata === undefined) return NO_METADATA;
	if (metadata.format !== FORMAT_VERSION)
		return `has version ${metadata.format} of the format, and this is version ${FORMAT_VERSION}`;
	if (metadata.method !== method || metadata.level !== levelOf(method, level))
		return `was made with method ${metadata.method} and level ${metadata.level}, and this archive with ${method} and ${levelOf(method, level)}`;
	return undefined;
}

/**
 * When the run began that has made the base: no later than the storage got it. By a clock that was ahead then, and is right now, files
 * that have changed since would look older than the base.
 */
function startOf({ startedNs }: ArchiveMetadata, { lastModified }: ObjectHead): number {
	const told = Number(BigInt(startedNs) / 1_000_000n);
	// The storage tells whole seconds.
	return lastModified === undefined ? told : Math.min(told, lastModified.getTime() + 999);
}

function readingOf(settings: UploadSettings, { versionId }: PinnedObject) {
	const { signal, onEvent, retryTimeMs } = settings;
	return resolveOptions(OPEN_ARCHIVE_SCHEMA, {
		...storageOf(settings),
		...{ versionId, signal, onEvent, retryTimeMs },
	});
}
