import type { PlannedArchive } from "../archive/planned-archive.ts";
import type { RunReport } from "../archive/run-report.ts";
import type { Copied } from "../compose/copied.ts";
import type { CopiedChecksums, ObjectsComposition } from "../compose/objects/objects-composition.ts";
import type { Warning } from "../events.ts";
import type { Connection } from "../s3/connection.ts";
import type { ResumableUpload } from "../storage/incomplete/resumable-upload.ts";
import type { Bandwidth } from "../storage/parts/bandwidth.ts";
import type { ObjectRange } from "../storage/parts/object-range.ts";
import type { PartSchedule } from "../storage/parts/part-schedule.ts";
import { ArchiveBody, warnOfStored } from "./archive-body.ts";
import { VARYING_METADATA } from "./archive-metadata.ts";
import type { OpenedBase } from "./base/open-base.ts";
import { baseLocation } from "./base/use-base.ts";
import { retryTimeOf, type UploadSettings } from "./options.ts";
import { concurrencyFor } from "./plan-parts.ts";
import { putEventTeller } from "./put-events.ts";
import type { CopiedRanges } from "./read-back/copied-ranges.ts";
import { TRANSPORTS } from "./transports.ts";

/** An archive that is complete in its bucket, as the storage has confirmed. */
export interface UploadZipResult {
	/** Bucket of the object. */
	readonly bucket: string;
	/** Key of the object. */
	readonly key: string;
	/** Bytes of the archive. */
	readonly size: number;
	/**
	 * MD5 of the whole archive, lower-case hex, if `hash` asked for it, as it does by default. There is no hash of an archive of which the
	 * storage has copied a part: nobody here has seen its bytes.
	 */
	readonly md5?: string;
	/** SHA-256 of the whole archive, lower-case hex, if `hash` asked for it. */
	readonly sha256?: string;
	/** CRC-32 of the whole archive, eight lower-case hex digits, if `hash` asked for it. */
	readonly crc32?: string;
	/** ETag of the object, without quotes. After a multipart upload it is not the MD5 of the whole. */
	readonly etag: string;
	/** Version of the object; `undefined` unless the bucket keeps versions. */
	readonly versionId: string | undefined;
	/**
	 * How the archive was read back; see {@link UploadZipOptions.verify}. If the storage has copied anything it is at least `"structure"`.
	 */
	readonly verified?: "structure" | "content";
	/** Copied entries whose content was read back besides the structure; see {@link UploadZipOptions.verifySample}. */
	readonly verifiedEntryCount?: number;
	/** Large copied entries of which some bytes were compared with what they were copied from; see {@link UploadZipOptions.verifySample}. */
	readonly comparedEntryCount?: number;
	/** Bytes that were read back of the archive; missing as well if nothing was. */
	readonly verifiedSize?: number;
	/** Entries in the archive. */
	readonly entryCount: number;
	/** Whether anything in the archive needed ZIP64. */
	readonly zip64: boolean;
	/** Address of the archive that {@link UploadZipOptions.base} names, if a part was copied from it. */
	readonly base?: string;
	/**
	 * Entries of these that the storage has copied, from the archive that {@link UploadZipOptions.base} names, or from objects of its own
	 * among the sources.
	 */
	readonly copiedEntryCount: number;
	/** Bytes of the archive that the storage has copied; all others were sent. */
	readonly copiedSize: number;
	/** How the CRC-32s of objects became known that the storage has copied, if it has copied any. */
	readonly copiedChecksums?: CopiedChecksums;
	/** Number of parts; 1 for a single request. */
	readonly partCount: number;
	/** Parts of these that an earlier run had sent; see {@link UploadZipOptions.resume}. */
	readonly resumedPartCount: number;
	/** Bytes of these parts. */
	readonly resumedSize: number;
	/** Files left out: special files, links by option, and unreadable files with `skipErrors`. */
	readonly skippedCount: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}

/** The parts of a run that all its attempts share. */
export interface UploadRun {
	readonly planned: PlannedArchive<ObjectRange>;
	readonly settings: UploadSettings;
	/** Of the object, the user's and ours. */
	readonly metadata: Readonly<Record<string, string>>;
	readonly bandwidth: Bandwidth | undefined;
	readonly connection: Connection;
	readonly report: RunReport;
	/** To be told when the archive has become so large that it may outgrow its parts. */
	readonly sizeWarning: Warning | undefined;
	/** What the storage copies a part of the archive from. */
	readonly base: OpenedBase | undefined;
	/** ETag that the object under the key must have when it is replaced; see {@link Destination.ifMatch}. */
	readonly ifMatch: string | undefined;
	/** Has objects among the sources copied, and tells which those were. */
	readonly objects?: ObjectsComposition | undefined;
	/** Notes what of the archive the storage copies, if it may copy anything. */
	readonly ranges: CopiedRanges | undefined;
}

/**
 * Makes the archive once, and sends it.
 *
 * @param resume - The incomplete upload to resume.
 */
export async function attemptUpload(
	{
		planned,
		settings,
		metadata,
		bandwidth,
		connection,
		report,
		sizeWarning,
		base,
		ifMatch,
		objects,
		ranges,
	}: UploadRun,
	parts: PartSchedule,
	resume: ResumableUpload | undefined,
): Promise<UploadZipResult> {
	const { bucket, key, noClobber, hash, resume: keepParts } = settings;
	const address = { bucket, key };
	const copied = base?.composition.copied ?? objects?.copied;
	const object = { ...settings, metadata };
	const put = TRANSPORTS[settings.transport];
	const { partSizeOf, capacity } = resume?.schedule ?? parts;
	const partSize = partSizeOf(1);
	const { concurrency = concurrencyFor(partSize, copied) } = settings;
	report.startArchive();
	if (resume !== undefined) {
		const { uploadId, ageMs, size, parts: held } = resume;
		report.onEvent({ type: "upload-resumed", uploadId, partSize, partCount: held.size, size, ageMs });
	}
	const body = new ArchiveBody(planned, report, settings.signal, ranges);
	try {
		const stored = await put(connection, {
			destination: { address, object, noClobber, ifMatch, varyingMetadata: VARYING_METADATA },
			body: {
				open: body.open,
				sizeBound: planned.plan.sizeBound,
				mayCopy: whereCopied(copied),
				hash: hash === "none" || whereCopied(copied) !== false ? undefined : hash,
			},
			parts: { partSizeOf, capacity },
			pace: { concurrency, bandwidth },
			resume: { upload: resume, keepParts },
			retryTimeMs: retryTimeOf(settings),
			signal: settings.signal,
			beforeComplete: settings.beforeComplete,
			onEvent: putEventTeller(report, { partSize, resumable: keepParts, capacity, sizeWarning }),
		});
		warnOfStored(address, stored, report);
		if (resume !== undefined && stored.differences.length > 0) {
			const message = `an earlier run started the upload, and the object has what that run asked for: ${stored.differences.join(", ")}`;
			report.onEvent({ type: "warning", code: "RESUMED_AS_BEGUN", message });
		}
		return {
			...address,
			size: stored.size,
			...(stored.hash === undefined ? {} : { [hash]: stored.hash }),
			etag: stored.etag,
			versionId: stored.versionId,
			...body.summary,
			...(base === undefined ? {} : { base: baseLocation(base) }),
			...(objects === undefined ? copiedFromBase(copied) : copiedObjects(objects)),
			partCount: stored.partCount,
			resumedPartCount: stored.resumed.count,
			resumedSize: stored.resumed.size,
			skippedCount: report.skippedCount,
			warnings: report.warnings,
		};
	} finally {
		body.end();
	}
}

function whereCopied(copied: Copied | undefined): boolean | "first" {
	if (copied === undefined || copied.partCount === 0) return false;
	return copied.among === undefined ? "first" : true;
}

type CopiedFacts = Pick<UploadZipResult, "copiedEntryCount" | "copiedSize" | "copiedChecksums">;

function copiedFromBase(copied: Copied | undefined): CopiedFacts {
	return { copiedEntryCount: copied?.entryCount ?? 0, copiedSize: copied?.size ?? 0 };
}

function copiedObjects({ made: { entryCount, size, checksums } }: ObjectsComposition): CopiedFacts {
	const facts = { copiedEntryCount: entryCount, copiedSize: size };
	return entryCount === 0 ? facts : { ...facts, copiedChecksums: checksums };
}
