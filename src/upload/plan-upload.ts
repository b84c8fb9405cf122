import { planZip } from "../archive/planned-archive.ts";
import { RunReport } from "../archive/run-report.ts";
import type { Warning } from "../events.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { unusualName } from "../s3/bucket-name.ts";
import { openConnection } from "../s3/open-connection.ts";
import type { ProviderName } from "../s3/providers.ts";
import { holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { USUAL_CONCURRENCY } from "../storage/parts/part-memory.ts";
import { checkTagsOf } from "../storage/put/object-tags.ts";
import { composeObjects } from "./compose-objects.ts";
import { UPLOAD_SCHEMA, type UploadZipOptions } from "./options.ts";
import { withOwnStorage } from "./own-sources.ts";
import { planParts } from "./plan-parts.ts";

/**
 * Predicts what {@link uploadZip} would do, from a look at the sources: it opens no file, and makes no request but for sources that are
 * in a bucket or behind an address.
 *
 * @throws as {@link uploadZip} does for options and sources.
 */
export async function planUpload(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
): Promise<UploadPlan> {
	holdBackUnread(sources);
	const settings = resolveOptions(UPLOAD_SCHEMA, options);
	const connection = await openConnection(
		settings,
		settings.bucket,
		settings.concurrency ?? USUAL_CONCURRENCY,
	);
	connection.close();
	checkTagsOf(settings, connection.provider);
	const report = new RunReport(settings.onEvent);
	const unusual = unusualName(settings.bucket);
	if (unusual !== undefined) report.onEvent({ type: "warning", ...unusual });
	const objects = composeObjects(sources, settings, connection.provider);
	const { plan } = await planZip(sources, withOwnStorage(settings), report, objects);
	const copied = objects?.copied;
	const { parts, memory, warning } = planParts(settings, plan.sizeBound, connection.provider, copied);
	if (warning !== undefined) report.onEvent({ type: "warning", ...warning });
	return {
		bucket: settings.bucket,
		key: settings.key,
		endpoint: connection.endpoint,
		entryCount: plan.entryCount,
		sourceSize: plan.sourceSize,
		sizeBound: plan.sizeBound,
		exact: plan.exact,
		zip64: plan.zip64,
		copiedEntryCount: copied?.entryCount ?? 0,
		copiedSize: copied?.size ?? 0,
		copiedPartCount: copied?.partCount ?? 0,
		partSize: parts.partSize,
		partSizeGrows: parts.grows,
		maxPartCount: parts.maxPartCount,
		partMemory: memory,
		provider: connection.provider.name,
		skippedCount: report.skippedCount,
		warnings: report.warnings,
	};
}

/** The plan that {@link planUpload} makes. */
export interface UploadPlan {
	/** Bucket of the object. */
	readonly bucket: string;
	/** Key of the object. */
	readonly key: string;
	/** URL that requests would go to; `undefined` for that of AWS. */
	readonly endpoint: string | undefined;
	/** Entries found; those of iterables that can be gone through only once are not counted. */
	readonly entryCount: number;
	/** Bytes of all files. */
	readonly sourceSize: number;
	/** Bytes the archive cannot exceed; `undefined` if a source has no known size. */
	readonly sizeBound: number | undefined;
	/** Whether the archive will have exactly that size: nothing in it is compressed. */
	readonly exact: boolean;
	/** Whether an archive of that size needs ZIP64. */
	readonly zip64: boolean;
	/** Entries that the storage would copy. */
	readonly copiedEntryCount: number;
	/** Bytes of the archive that it would copy; the rest would be sent. */
	readonly copiedSize: number;
	/** Parts that it would copy them in, and those that would end before each of them. */
	readonly copiedPartCount: number;
	/** Bytes of the first part. */
	readonly partSize: number;
	/** Whether later parts are larger. */
	readonly partSizeGrows: boolean;
	/** Most parts it can take; `undefined` if a source has no known size. */
	readonly maxPartCount: number | undefined;
	/** Bytes of memory that parts of the first size take. */
	readonly partMemory: number;
	/** The storage's {@link ProviderName}, as given or recognised by the endpoint. */
	readonly provider: ProviderName;
	/** Files left out: special files, links by option, and unreadable files with `skipErrors`. */
	readonly skippedCount: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}
