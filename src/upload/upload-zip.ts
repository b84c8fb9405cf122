import { type PlannedArchive, planZip } from "../archive/planned-archive.ts";
import { RunReport } from "../archive/run-report.ts";
import { withOwnSignal } from "../async/any-signal.ts";
import type { ObjectsComposition } from "../compose/objects/objects-composition.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { unusualName } from "../s3/bucket-name.ts";
import type { Connection } from "../s3/connection.ts";
import { checkCredentials } from "../s3/credentials.ts";
import { openConnection } from "../s3/open-connection.ts";
import { isPlainHttp } from "../s3/plain-http.ts";
import { destroyUnread, holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { warnOfOlderUploads } from "../storage/incomplete/older-uploads.ts";
import { Bandwidth } from "../storage/parts/bandwidth.ts";
import type { ObjectRange } from "../storage/parts/object-range.ts";
import { USUAL_CONCURRENCY } from "../storage/parts/part-memory.ts";
import { checkTagsOf } from "../storage/put/object-tags.ts";
import { refuseExisting } from "../storage/put/probe-bucket.ts";
import { objectMetadata } from "./archive-metadata.ts";
import { attemptUpload, type UploadZipResult } from "./attempt.ts";
import type { OpenedBase } from "./base/open-base.ts";
import type { BaseReplacement } from "./base/replace-base.ts";
import { composedEvent, useBase } from "./base/use-base.ts";
import { composeObjects, unlessCopyRefused } from "./compose-objects.ts";
import { reachStorage } from "./first-contact.ts";
import { notResumed, resumeUpload, searchResumable } from "./incomplete/resume-upload.ts";
import { retryTimeOf, UPLOAD_SCHEMA, type UploadSettings, type UploadZipOptions } from "./options.ts";
import { withOwnStorage } from "./own-sources.ts";
import { planParts } from "./plan-parts.ts";
import { CopiedRanges } from "./read-back/copied-ranges.ts";

/**
 * Archives the sources and streams the archive into a bucket while it is being made. Nothing is written to
 * disk. Memory does not depend on the size of the archive, and only the central directory grows with the number
 * of entries.
 *
 * All or nothing: it resolves when the storage has confirmed size and hash of the whole object. If anything
 * fails before, the key stays as it was and no incomplete upload is left behind.
 *
 * Streams among the sources have been read or destroyed when it settles.
 *
 * One directory puts its contents at the root of the archive; several sources go under their names.
 *
 * @throws {@link InvalidOptionError} for options out of range, before anything is read.
 * @throws {@link SourceError} for a source that is missing, unreadable, empty, or changes in a way that cannot
 * be archived.
 * @throws {@link DuplicateEntryError} if two sources give the same name.
 * @throws {@link ArchiveTooLargeError} if the archive may not fit into the storage's limits.
 * @throws {@link StorageError} if the storage refuses, cannot be reached, or holds something other than what was sent.
 *
 * @example
 * ```ts
 * const { size, md5 } = await uploadZip("./photos", {
 * 	bucket: "my-bucket",
 * 	key: "photos.zip",
 * 	endpoint: "https://eu-central-1.linodeobjects.com",
 * });
 * ```
 */
export async function uploadZip(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
): Promise<UploadZipResult> {
	return uploadMarked(sources, options, {
		metadataOf: (settings, startedMs) => objectMetadata(settings, startedMs),
	});
}

/** What the metadata of an archive says, and which base will do. */
export interface Marking {
	/** @param startedMs - Start of the run, milliseconds since 1970. @param copies - Whether something is copied from the base. */
	readonly metadataOf: (settings: UploadSettings, startedMs: number, copies: boolean) => Metadata;
	/** ETag of the only state of the base that will do, without quotes. */
	readonly baseEtag?: string | undefined;
}

type Metadata = Readonly<Record<string, string>>;

/** As {@link uploadZip}, with metadata that other kinds of runs write. */
export async function uploadMarked(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
	{ metadataOf, baseEtag }: Marking,
): Promise<UploadZipResult> {
	holdBackUnread(sources);
	try {
		const settings = resolveOptions(UPLOAD_SCHEMA, options);
		// Before the first look at the sources: what changes from now on is not proven to be in the archive.
		const startedMs = Date.now();
		metadataOf(settings, startedMs, true); // before anything is sent
		const task = { baseEtag, metadataOf: (copies: boolean) => metadataOf(settings, startedMs, copies) };
		return await withOwnSignal(settings, (own) => connectAndUpload(sources, own, task));
	} finally {
		destroyUnread(sources);
	}
}

interface UploadTask {
	readonly baseEtag: string | undefined;
	readonly metadataOf: (copies: boolean) => Metadata;
}

async function connectAndUpload(
	sources: Source | readonly Source[],
	settings: UploadSettings,
	task: UploadTask,
): Promise<UploadZipResult> {
	settings.signal?.throwIfAborted();
	const report = new RunReport(settings.onEvent);
	const { bucket, concurrency = USUAL_CONCURRENCY } = settings;
	const connection = await openConnection(settings, bucket, concurrency, report.onEvent);
	try {
		return await upload(sources, settings, task, connection, report);
	} finally {
		connection.close();
	}
}

async function upload(
	sources: Source | readonly Source[],
	settings: UploadSettings,
	{ baseEtag, metadataOf }: UploadTask,
	connection: Connection,
	report: RunReport,
): Promise<UploadZipResult> {
	const { bucket, signal } = settings;
	const { client, provider, endpoint } = connection;
	checkTagsOf(settings, provider);
	const unusual = unusualName(bucket);
	if (unusual !== undefined) report.onEvent({ type: "warning", ...unusual });
	if (isPlainHttp(endpoint)) {
		const message = `${endpoint} is not encrypted: others can read everything on the way except the secret key`;
		report.onEvent({ type: "warning", code: "INSECURE_ENDPOINT", message });
	}
	await checkCredentials(client, signal);
	const base = await useBase(settings, connection, report.onEvent, { baseEtag, trial: "made" });
	try {
		return await uploadComposed(sources, settings, { connection, report, base, metadataOf });
	} finally {
		// What was copied from them is compared with them when the archive is read back.
		await base?.joined?.remove();
	}
}

interface Composing extends Pick<UploadTask, "metadataOf"> {
	readonly connection: Connection;
	readonly report: RunReport;
	readonly base: OpenedBase | undefined;
}

/** Uploads what is not copied, and reads back some of what is. */
async function uploadComposed(
	sources: Source | readonly Source[],
	settings: UploadSettings,
	{ connection, report, base, metadataOf }: Composing,
): Promise<UploadZipResult> {
	// What a base has is copied from there, and everything else is sent.
	const objects = base === undefined ? composeObjects(sources, settings, connection, report) : undefined;
	const composition = base?.composition ?? objects;
	const ranges = composition && new CopiedRanges();
	const planned = await planZip(sources, withOwnStorage(settings), undefined, composition);
	let stored: UploadZipResult;
	try {
		const metadata = metadataOf(base !== undefined && base.composition.copied.entryCount > 0);
		const uploading = { connection: base?.connection ?? connection, report, base, ranges };
		const put: BaseReplacement["put"] = (own, ifMatch) =>
			unlessCopyRefused(
				objects,
				() => uploadPlanned(planned, own, metadata, { ...uploading, objects, ifMatch }),
				planned.repeatable
					? () => uploadPlanned(planned, own, metadata, { ...uploading, ifMatch })
					: undefined,
				report,
			);
		if (base !== undefined) {
			const { replaceBase, takesItsPlace } = await import("./base/replace-base.ts");
			if (takesItsPlace(base, settings))
				return await replaceBase({
					base,
					ranges,
					settings,
					metadata,
					connection: base.connection,
					report,
					put,
				});
		}
		stored = await put(settings, undefined);
	} finally {
		await planned.close();
	}
	if (settings.verify === undefined && stored.copiedEntryCount === 0) return stored;
	const { readBackOf, verifyUpload } = await import("./verify-upload.ts");
	const readBack = readBackOf(settings, ranges, connection);
	return readBack === undefined ? stored : verifyUpload(connection, settings, readBack, stored);
}

interface Uploading {
	readonly connection: Connection;
	readonly report: RunReport;
	readonly base: OpenedBase | undefined;
	readonly ranges: CopiedRanges | undefined;
	readonly objects?: ObjectsComposition | undefined;
	/** For {@link UploadRun.ifMatch}. */
	readonly ifMatch: string | undefined;
}

async function uploadPlanned(
	planned: PlannedArchive<ObjectRange>,
	settings: UploadSettings,
	metadata: Readonly<Record<string, string>>,
	{ connection, report, base, ranges, objects, ifMatch }: Uploading,
): Promise<UploadZipResult> {
	const { bucket, key, noClobber, bandwidthLimit, signal } = settings;
	const { provider } = connection;
	const address = { bucket, key };
	const { entryCount, sourceSize, sizeBound, zip64 } = planned.plan;
	const copied = base?.composition.copied ?? objects?.copied;
	const { parts, warning } = planParts(settings, sizeBound, provider, copied);
	const { partSize, maxPartCount } = parts;
	report.onEvent({ type: "planned", entryCount, sourceSize, sizeBound, zip64, partSize, maxPartCount });
	if (base !== undefined) report.onEvent(composedEvent(base, planned.plan));
	// Before anything else is asked, which gives up sooner, or does not tell that it waits.
	const older = await reachStorage(connection, address, {
		retryTimeMs: settings.retryTimeMs,
		signal,
		onRetry: (operation, reason, waitMs) => report.onEvent({ type: "retry", operation, reason, waitMs }),
	});
	const found = await searchResumable(connection, settings, { sizeBound, parts, copied });
	const left = warnOfOlderUploads(address, older, found.upload?.uploadId);
	if (left !== undefined) report.onEvent({ type: "warning", ...left });
	for (const { uploadId, reason } of found.unfit) report.onEvent(notResumed(uploadId, reason));
	if (noClobber) await refuseExisting(connection, address, { retryTimeMs: retryTimeOf(settings), signal });
	const bandwidth = bandwidthLimit === undefined ? undefined : new Bandwidth(bandwidthLimit);
	const told = { connection, report, base, ranges, objects, ifMatch, sizeWarning: warning };
	const run = { planned, settings, metadata, bandwidth, ...told };
	return found.upload === undefined
		? attemptUpload(run, parts, undefined)
		: resumeUpload(run, parts, found.upload);
}
