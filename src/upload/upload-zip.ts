import { type PlannedArchive, planZip } from "../archive/planned-archive.ts";
import { RunReport } from "../archive/run-report.ts";
import { withOwnSignal } from "../async/any-signal.ts";
import type { Copied } from "../compose/copied.ts";
import type { ObjectsComposition } from "../compose/objects/objects-composition.ts";
import { StorageError } from "../errors.ts";
import type { ZipferryEvent } from "../events.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import type { ObjectAddress } from "../s3/address.ts";
import { unusualName } from "../s3/bucket-name.ts";
import type { Connection } from "../s3/connection.ts";
import { checkCredentials } from "../s3/credentials.ts";
import { openConnection } from "../s3/open-connection.ts";
import { isPlainHttp } from "../s3/plain-http.ts";
import { destroyUnread, holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { warnOfOlderUploads } from "../storage/incomplete/older-uploads.ts";
import {
	findResumableUpload,
	type ResumableUpload,
	type ResumeSearch,
} from "../storage/incomplete/resumable-upload.ts";
import { isGoneError, whyNotResumable } from "../storage/incomplete/unfit-upload.ts";
import { listUploadedParts } from "../storage/incomplete/uploaded-parts.ts";
import { Bandwidth } from "../storage/parts/bandwidth.ts";
import type { ObjectRange } from "../storage/parts/object-range.ts";
import { USUAL_CONCURRENCY } from "../storage/parts/part-memory.ts";
import type { PartPlan } from "../storage/parts/part-size.ts";
import { checkTagsOf } from "../storage/put/object-tags.ts";
import { refuseExisting } from "../storage/put/probe-bucket.ts";
import { type BackupMark, objectMetadata } from "./archive-metadata.ts";
import { attemptUpload, type UploadRun, type UploadZipResult } from "./attempt.ts";
import { type OpenedBase, openBase } from "./base/open-base.ts";
import { composeObjects, unlessCopyRefused } from "./compose-objects.ts";
import { reachStorage } from "./first-contact.ts";
import { leftUpload } from "./left-upload.ts";
import { retryTimeOf, UPLOAD_SCHEMA, type UploadSettings, type UploadZipOptions } from "./options.ts";
import { withOwnStorage } from "./own-sources.ts";
import { planParts } from "./plan-parts.ts";

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
	return uploadBackup(sources, options);
}

/**
 * As {@link uploadZip}, for the archive of a backup.
 *
 * @param mark - What the metadata of the object says of the backup.
 */
export async function uploadBackup(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
	mark?: BackupMark,
): Promise<UploadZipResult> {
	holdBackUnread(sources);
	try {
		const settings = resolveOptions(UPLOAD_SCHEMA, options);
		// Before the first look at the sources: what changes from now on is not proven to be in the archive.
		const metadata = objectMetadata(settings, Date.now(), mark);
		return await withOwnSignal(settings, (own) => connectAndUpload(sources, own, metadata));
	} finally {
		destroyUnread(sources);
	}
}

async function connectAndUpload(
	sources: Source | readonly Source[],
	settings: UploadSettings,
	metadata: Readonly<Record<string, string>>,
): Promise<UploadZipResult> {
	settings.signal?.throwIfAborted();
	const report = new RunReport(settings.onEvent);
	const { bucket, concurrency = USUAL_CONCURRENCY } = settings;
	const connection = await openConnection(settings, bucket, concurrency, report.onEvent);
	try {
		const stored = await upload(sources, settings, metadata, connection, report);
		const { verify } = settings;
		if (verify === undefined) return stored;
		const { verifyUpload } = await import("./verify-upload.ts");
		await verifyUpload(connection, settings, verify, stored);
		return { ...stored, verified: verify };
	} finally {
		connection.close();
	}
}

async function upload(
	sources: Source | readonly Source[],
	settings: UploadSettings,
	metadata: Readonly<Record<string, string>>,
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
	const base =
		settings.base === undefined ? undefined : await useBase(settings.base, settings, connection, report);
	// What a base has is copied from there, and everything else is sent.
	const objects = base === undefined ? composeObjects(sources, settings, provider) : undefined;
	const composition = base?.composition ?? objects;
	const planned = await planZip(sources, withOwnStorage(settings), undefined, composition);
	const uploading = { connection, report, base };
	try {
		return await unlessCopyRefused(
			objects,
			() => uploadPlanned(planned, settings, metadata, { ...uploading, objects }),
			planned.repeatable ? () => uploadPlanned(planned, settings, metadata, uploading) : undefined,
			report,
		);
	} finally {
		await planned.close();
	}
}

/** The base to copy from, if it can be used; a warning says if not. */
async function useBase(
	base: string,
	settings: UploadSettings,
	connection: Connection,
	{ onEvent }: RunReport,
): Promise<OpenedBase | undefined> {
	const opened = await openBase(base, settings, connection, onEvent);
	if (typeof opened !== "string") return opened;
	const message = `all is made and sent, as the base ${base} ${opened}`;
	onEvent({ type: "warning", code: "BASE_NOT_USED", message });
	return undefined;
}

interface Uploading {
	readonly connection: Connection;
	readonly report: RunReport;
	readonly base: OpenedBase | undefined;
	readonly objects?: ObjectsComposition | undefined;
}

async function uploadPlanned(
	planned: PlannedArchive<ObjectRange>,
	settings: UploadSettings,
	metadata: Readonly<Record<string, string>>,
	{ connection, report, base, objects }: Uploading,
): Promise<UploadZipResult> {
	const { bucket, key, noClobber, bandwidthLimit, signal } = settings;
	const { provider } = connection;
	const address = { bucket, key };
	const { entryCount, sourceSize, sizeBound, zip64 } = planned.plan;
	const copied = base?.composition.copied ?? objects?.copied;
	const { parts, warning } = planParts(settings, sizeBound, provider, copied);
	const { partSize, maxPartCount } = parts;
	report.onEvent({ type: "planned", entryCount, sourceSize, sizeBound, zip64, partSize, maxPartCount });
	if (base !== undefined && copied !== undefined) tellComposed(base, copied, sizeBound, report);
	// Before anything else is asked, which gives up sooner, or does not tell that it waits.
	const older = await reachStorage(connection, address, {
		retryTimeMs: settings.retryTimeMs,
		signal,
		onRetry: (operation, reason, waitMs) => report.onEvent({ type: "retry", operation, reason, waitMs }),
	});
	const found = await searchResumable(connection, settings, sizeBound, parts, copied?.among !== undefined);
	const left = warnOfOlderUploads(address, older, found.upload?.uploadId);
	if (left !== undefined) report.onEvent({ type: "warning", ...left });
	for (const { uploadId, reason } of found.unfit) report.onEvent(notResumed(uploadId, reason));
	if (noClobber) await refuseExisting(connection, address, { retryTimeMs: retryTimeOf(settings), signal });
	const bandwidth = bandwidthLimit === undefined ? undefined : new Bandwidth(bandwidthLimit);
	const told = { connection, report, sizeWarning: warning, copied, objects };
	const run = { planned, settings, metadata, bandwidth, ...told };
	return found.upload === undefined
		? attemptUpload(run, parts, undefined)
		: resumeUpload(run, parts, found.upload);
}

function tellComposed(
	{ pin: { bucket, key } }: OpenedBase,
	{ entryCount, size, partCount }: Copied,
	sizeBound: number | undefined,
	{ onEvent }: RunReport,
): void {
	onEvent({
		type: "composed",
		base: `s3://${bucket}/${key}`,
		copiedEntryCount: entryCount,
		copiedSize: size,
		copiedPartCount: partCount,
		madeSizeBound: sizeBound === undefined ? undefined : sizeBound - size,
	});
}

async function searchResumable(
	connection: Connection,
	settings: UploadSettings,
	sizeBound: number | undefined,
	parts: PartPlan,
	hasRangesAmong: boolean,
): Promise<ResumeSearch> {
	if (!settings.resume) return { upload: undefined, unfit: [] };
	const { bucket, key, signal, expectedSize } = settings;
	const needs = {
		...{ object: settings, sizeBound: sizeBound ?? expectedSize, mayGrow: parts.grows, signal },
		cutAmongRanges: hasRangesAmong ? parts : undefined,
	};
	return findResumableUpload(connection, { bucket, key }, needs);
}

/** Goes on with an upload, and begins a new one if that turns out to be impossible. */
async function resumeUpload(
	run: UploadRun,
	parts: PartPlan,
	upload: ResumableUpload,
): Promise<UploadZipResult> {
	const { planned, settings, report } = run;
	try {
		return await attemptUpload(run, parts, upload);
	} catch (error) {
		const reason = whyNotResumable(error);
		if (reason === undefined) throw error;
		if (!planned.repeatable) throw notResumable(settings, upload.uploadId, reason, error);
		report.onEvent(notResumed(upload.uploadId, reason));
		if (!isGoneError(error)) await warnIfLeft(run, upload.uploadId);
		return await attemptUpload(run, parts, undefined);
	}
}

/** An upload that others may still be working on, or that could not be removed, takes space until somebody does it. */
async function warnIfLeft({ connection, settings, report }: UploadRun, uploadId: string): Promise<void> {
	const { bucket, key, signal } = settings;
	const held = await listUploadedParts(connection, bucket, { key, uploadId }, signal).catch(() => "refused");
	if (held === undefined) return;
	report.onEvent(leftUpload({ bucket, key }, uploadId, "is left and takes space"));
}

function notResumed(uploadId: string, reason: string): ZipferryEvent {
	const message = `the incomplete upload ${uploadId} cannot be resumed: ${reason}; a new upload is started`;
	return { type: "warning", code: "NOT_RESUMED", message };
}

function notResumable(
	{ bucket, key }: ObjectAddress,
	uploadId: string,
	reason: string,
	cause: unknown,
): StorageError {
	const target = `s3://${bucket}/${key}`;
	const message = `the upload ${uploadId} of ${target} cannot be finished: ${reason}; run it again to start a new upload`;
	return new StorageError("STORAGE_REFUSED", message, { bucket, key, cause });
}
