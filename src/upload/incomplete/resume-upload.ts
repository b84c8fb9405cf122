import { StorageError } from "../../errors.ts";
import type { ZipferryEvent } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import {
	findResumableUpload,
	type ResumableUpload,
	type ResumeSearch,
} from "../../storage/incomplete/resumable-upload.ts";
import { isGoneError, whyNotResumable } from "../../storage/incomplete/unfit-upload.ts";
import { listUploadedParts } from "../../storage/incomplete/uploaded-parts.ts";
import type { PartPlan } from "../../storage/parts/part-size.ts";
import { attemptUpload, type UploadRun, type UploadZipResult } from "../attempt.ts";
import type { UploadSettings } from "../options.ts";
import type { PlannedCopies } from "../plan-parts.ts";
import { leftUpload } from "./left-upload.ts";

/** An archive whose upload may have been begun. */
interface ResumableArchive {
	/** Bytes that it cannot exceed; `undefined` if unknown. */
	readonly sizeBound: number | undefined;
	/** As a new upload would have them. */
	readonly parts: PartPlan;
	/** What the storage copies of it. */
	readonly copied: PlannedCopies | undefined;
}

/** Looks for an upload to resume, if that is wanted. */
export async function searchResumable(
	connection: Connection,
	settings: UploadSettings,
	{ sizeBound, parts: planned, copied }: ResumableArchive,
): Promise<ResumeSearch> {
	if (!settings.resume) return { upload: undefined, unfit: [] };
	const { bucket, key, signal, expectedSize } = settings;
	const hasRangesAmong = copied?.among !== undefined;
	const needs = {
		...{ object: settings, sizeBound: sizeBound ?? expectedSize, planned, hasRangesAmong, signal },
		copied: hasRangesAmong ? undefined : copied,
	};
	return findResumableUpload(connection, { bucket, key }, needs);
}

/** Goes on with an upload, and begins a new one if that turns out to be impossible. */
export async function resumeUpload(
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

/** The warning that an upload cannot be resumed. */
export function notResumed(uploadId: string, reason: string): ZipferryEvent {
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
