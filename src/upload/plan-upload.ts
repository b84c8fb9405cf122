import { planZip } from "../archive/planned-archive.ts";
import { RunReport } from "../archive/run-report.ts";
import type { Warning } from "../events.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { unusualName } from "../s3/bucket-name.ts";
import type { Connection } from "../s3/connection.ts";
import { checkCredentials } from "../s3/credentials.ts";
import { openConnection } from "../s3/open-connection.ts";
import type { ProviderName } from "../s3/providers.ts";
import { holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { USUAL_CONCURRENCY } from "../storage/parts/part-memory.ts";
import { checkTagsOf } from "../storage/put/object-tags.ts";
import { baseLocation, useBase } from "./base/use-base.ts";
import { composeObjects } from "./compose-objects.ts";
import type { UploadCost } from "./cost/plan-cost.ts";
import { costOfUpload } from "./cost/upload-cost.ts";
import { UPLOAD_SCHEMA, type UploadSettings, type UploadZipOptions } from "./options.ts";
import { withOwnStorage } from "./own-sources.ts";
import { planParts } from "./plan-parts.ts";

/**
 * Predicts what {@link uploadZip} would do, from a look at the sources: it opens no file, and makes no request but for sources that are
 * in a bucket or behind an address.
 *
 * With a `base` the directory of that archive is read, which takes a few requests, and so are files that have to be compared by their
 * content: symbolic links, and all with `baseCheck: "content"`.
 *
 * @throws as {@link uploadZip} does for options, sources and the base.
 */
export async function planUpload(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
): Promise<UploadPlan> {
	holdBackUnread(sources);
	const settings = resolveOptions(UPLOAD_SCHEMA, options);
	const report = new RunReport(settings.onEvent);
	const { bucket, concurrency = USUAL_CONCURRENCY } = settings;
	const connection = await openConnection(settings, bucket, concurrency, report.onEvent);
	try {
		return await planConnected(sources, settings, connection, report);
	} finally {
		connection.close();
	}
}

async function planConnected(
	sources: Source | readonly Source[],
	settings: UploadSettings,
	connection: Connection,
	report: RunReport,
): Promise<UploadPlan> {
	checkTagsOf(settings, connection.provider);
	const unusual = unusualName(settings.bucket);
	if (unusual !== undefined) report.onEvent({ type: "warning", ...unusual });
	if (settings.base !== undefined) await checkCredentials(connection.client, settings.signal);
	const base = await useBase(settings, connection, report.onEvent, { trial: "supposed" });
	const objects = base === undefined ? composeObjects(sources, settings, connection, report) : undefined;
	const composition = base?.composition ?? objects;
	const { plan } = await planZip(sources, withOwnStorage(settings), report, composition);
	const copied = composition?.copied;
	const planned = planParts(settings, plan.sizeBound, connection.provider, copied);
	const { parts, memory, warning } = planned;
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
		...(base === undefined ? {} : { base: baseLocation(base) }),
		copiedEntryCount: copied?.entryCount ?? 0,
		copiedSize: copied?.size ?? 0,
		copiedPartCount: copied?.partCount ?? 0,
		joinedRunCount: copied?.joins?.count ?? 0,
		partSize: parts.partSize,
		partSizeGrows: parts.grows,
		maxPartCount: parts.maxPartCount,
		partMemory: memory,
		provider: connection.provider.name,
		cost: costOfUpload(
			settings,
			plan,
			planned,
			connection.provider.name,
			copied && { ...copied, isOfBase: base !== undefined },
		),
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
	/** Address of the archive that a part would be copied from, if there is one that can be used. */
	readonly base?: string;
	/** Entries that the storage would copy, from the base or from objects of its own among the sources. */
	readonly copiedEntryCount: number;
	/** Bytes of the archive that it would copy; the rest would be sent. */
	readonly copiedSize: number;
	/** Parts that it would copy them in, and those that would end before each of them. */
	readonly copiedPartCount: number;
	/** Runs of the base that it would join to longer ones, each in a temporary object; see {@link UploadZipOptions.joinRuns}. */
	readonly joinedRunCount: number;
	/** Bytes of the first part that is sent. */
	readonly partSize: number;
	/** Whether later parts are larger. */
	readonly partSizeGrows: boolean;
	/** Most parts it can take, those that are copied among them; `undefined` if a source has no known size. */
	readonly maxPartCount: number | undefined;
	/** Bytes of memory that parts of the first size take. */
	readonly partMemory: number;
	/** The storage's {@link ProviderName}, as given or recognised by the endpoint. */
	readonly provider: ProviderName;
	/**
	 * The requests, the bytes that are moved, and what that comes to by list prices, at most, if nothing has to be repeated. Objects among
	 * the sources are counted as if they were in the same storage. `undefined` if a source has no known size and there is no
	 * `expectedSize`.
	 */
	readonly cost: UploadCost | undefined;
	/** Files left out: special files, links by option, and unreadable files with `skipErrors`. */
	readonly skippedCount: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}
