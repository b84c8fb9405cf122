import { BaseComposition } from "../../compose/base/base-composition.ts";
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
import { headObject, type ObjectHead } from "../../s3/objects/head-object.ts";
import { storageOf } from "../../s3/options.ts";
import { encodeArchiveComment } from "../../zip/format/archive-comment.ts";
import { FORMAT_VERSION } from "../../zip/format/format-version.ts";
import { levelOf } from "../../zip/levels.ts";
import { type ArchiveMetadata, readArchiveMetadata } from "../archive-metadata.ts";
import { retryTimeOf, type UploadSettings } from "../options.ts";
import { type PinnedObject, pinObject } from "./pinned-object.ts";

/** A base that can be used. */
export interface OpenedBase {
	readonly pin: PinnedObject;
	readonly composition: BaseComposition;
}

/** Parts of its own that an archive needs, whatever is copied. */
const OWN_PARTS_SHARE = 1 / 2;

/**
 * Opens the base of an upload, and reads its directory.
 *
 * @returns why it cannot be used, in words that go on behind its address.
 * @throws {StorageError} if the storage cannot be reached or refuses.
 */
export async function openBase(
	base: string,
	settings: UploadSettings,
	connection: Connection,
	onEvent: ZipferryEventListener,
): Promise<OpenedBase | string> {
	const { signal, baseVersionId: versionId } = settings;
	const unable = whyUnable(settings, connection);
	if (unable !== undefined) return unable;
	const address = parseS3Url(base);
	const head = await headObject(connection, address, {
		versionId,
		signal,
		retryTimeMs: retryTimeOf(settings),
	});
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
		const { minPartSize, maxPartSize, maxPartCount } = connection.provider.limits;
		const startedMs = Number(BigInt(metadata.startedNs) / 1_000_000n);
		const { baseCheck: check, ignoreCtime, mtime, maxMtime, method, comment } = settings;
		const source = { bucket: pin.bucket, key: pin.key, versionId: pin.versionId };
		const composition = new BaseComposition(
			{
				location: base,
				entries,
				rangeOf: (start, end) => ({ source, etag: pin.etag, offset: start, byteLength: end - start }),
			},
			{
				rule: {
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
				...{ method, signal, commentSize: encodeArchiveComment(comment).byteLength },
				onNotCopied: (name, reason) => void onEvent({ type: "not-copied", name, reason }),
			},
		);
		return { pin, composition };
	} catch (error) {
		if (error instanceof NotCopyableError) return error.message;
		if (error instanceof ArchiveError) return error.reason;
		if (error instanceof SourceError && error.code === "SOURCE_NOT_FOUND") return "does not exist any more";
		throw error;
	} finally {
		await reader?.close();
	}
}

const NO_METADATA = "was not uploaded by zipferry";

function whyUnable(
	{ transport, storageClass }: UploadSettings,
	{ provider }: Connection,
): string | undefined {
	if (storageClass !== undefined && ARCHIVED.has(storageClass))
		return `is of no use for an archive of storage class ${storageClass}, which could not be read back`;
	if (transport !== "parts") return `cannot be copied from by transport "${transport}"`;
	if (!provider.unequalParts)
		return `cannot be copied from, as provider ${provider.name} takes parts of one size only`;
	return undefined;
}

function whyUnfit(
	{ storageClass }: ObjectHead,
	metadata: ArchiveMetadata | undefined,
	{ method, level }: UploadSettings,
): string | undefined {
	if (storageClass !== undefined && ARCHIVED.has(storageClass))
		return `is archived (storage class ${storageClass}) and would have to be restored first`;
	if (metadata === undefined) return NO_METADATA;
	if (metadata.format !== FORMAT_VERSION)
		return `has version ${metadata.format} of the format, and this is version ${FORMAT_VERSION}`;
	if (metadata.method !== method || metadata.level !== levelOf(method, level))
		return `was made with method ${metadata.method} and level ${metadata.level}, and this archive has others`;
	return undefined;
}

/** Storage classes whose objects cannot be read or copied before they are restored. */
const ARCHIVED: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

function readingOf(settings: UploadSettings, { versionId }: PinnedObject) {
	const { signal, onEvent, retryTimeMs } = settings;
	return resolveOptions(OPEN_ARCHIVE_SCHEMA, {
		...storageOf(settings),
		...{ versionId, signal, onEvent, retryTimeMs },
	});
}
