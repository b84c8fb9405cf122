import type { S3Client } from "@aws-sdk/client-s3";
import { anySignal } from "./any-signal.ts";
import { InvalidOptionError } from "./errors.ts";
import type { Warning } from "./events.ts";
import { type MakeOptions, planZip } from "./make-archive.ts";
import { RunReport } from "./run-report.ts";
import type { Source } from "./sources/source.ts";
import {
	type Connection,
	type ConnectOptions,
	checkCredentials,
	connect,
	connectionOf,
	isPlainHttp,
} from "./storage/client.ts";
import { putWithLibStorage } from "./storage/lib-storage-transport.ts";
import { findOlderUploads } from "./storage/older-uploads.ts";
import { planPartSize } from "./storage/part-size.ts";
import { putInParts } from "./storage/parts-transport.ts";
import { probeBucket, refuseExisting } from "./storage/probe-bucket.ts";
import { checkObjectAddress } from "./storage/s3-url.ts";
import type { ObjectOptions, Transport } from "./storage/transport.ts";
import type { HashAlgorithm } from "./zip/archive-hash.ts";
import { checkRange, checkZipOptions } from "./zip-stream.ts";

/** How to make an archive and where to put it. */
export interface UploadZipOptions extends MakeOptions, ConnectOptions, ObjectOptions {
	readonly bucket: string;
	/** Name of the object, at most 1,024 bytes as UTF-8. */
	readonly key: string;
	/** A client of your own; it is left open, and the options on how to connect have no effect. */
	readonly client?: S3Client | undefined;
	/**
	 * Bytes per part, usually 5 MiB to 5 GiB. The upload holds about `partSize × (2 × concurrency + 2)`.
	 *
	 * @defaultValue 8 MiB, or what the archive needs to fit into the provider's number of parts
	 * (10,000 as a rule); 16 MiB if a source has no known size, which is enough for 156 GiB
	 */
	readonly partSize?: number | undefined;
	/**
	 * Parts under way at once, 1 to 64.
	 *
	 * @defaultValue `4`
	 */
	readonly concurrency?: number | undefined;
	/**
	 * Fails with `DESTINATION_EXISTS` if there is an object under the key, also if one appears meanwhile.
	 * A few storages (Ceph among them) cannot check that at the end of an upload in parts; there it is
	 * looked up before the upload only.
	 *
	 * @defaultValue `false`
	 */
	readonly noClobber?: boolean | undefined;
	/**
	 * Hash over the whole archive that the result has.
	 *
	 * @defaultValue `"md5"`
	 */
	readonly hash?: HashAlgorithm | "none" | undefined;
	/**
	 * What cuts the archive into parts: our own part engine, or `Upload` of `@aws-sdk/lib-storage`.
	 *
	 * @defaultValue `"parts"`
	 */
	readonly transport?: TransportName | undefined;
	/**
	 * Milliseconds for which a request that fails for a passing reason is repeated.
	 *
	 * @defaultValue 10 minutes
	 */
	readonly retryTimeMs?: number | undefined;
}

/** An archive that is complete in its bucket, as the storage itself confirmed. */
export interface UploadZipResult {
	readonly bucket: string;
	readonly key: string;
	/** Size of the archive. */
	readonly bytes: number;
	/** Hash of the whole archive, lower-case hex: the one that `hash` asked for, MD5 by default. */
	readonly md5?: string;
	readonly sha256?: string;
	readonly crc32?: string;
	/** ETag of the object, without quotes. Of an upload in parts it is no MD5 of the whole. */
	readonly etag: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
	readonly entries: number;
	/** Whether anything in the archive needed ZIP64. */
	readonly zip64: boolean;
	/** Parts it was sent in; 1 for a single request. */
	readonly parts: number;
	/** Things left out: special files, links by option, and what could not be read with `skipErrors`. */
	readonly skipped: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}

const TRANSPORTS = { parts: putInParts, "lib-storage": putWithLibStorage } as const satisfies Record<
	string,
	Transport
>;

export type TransportName = keyof typeof TRANSPORTS;

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_RETRY_TIME_MS = 600_000;

/**
 * Archives the sources and streams the archive into a bucket while it is being made: nothing is written to
 * disk, and memory depends neither on the size of the archive nor, but for its central directory, on the
 * number of entries.
 *
 * All or nothing: it resolves when the storage has confirmed size and hash of the whole object. Whatever
 * fails before then leaves the key as it was and no unfinished upload behind.
 *
 * One directory puts its contents at the root of the archive; several sources go under their names.
 *
 * @throws {InvalidOptionError} for options out of range, before anything is read.
 * @throws {SourceError} for a source that is missing, unreadable, empty, or changes in a way that cannot
 * be archived.
 * @throws {DuplicateEntryError} if two sources give the same name.
 * @throws {ArchiveTooLargeError} if the archive may not fit into the storage's limits.
 * @throws {StorageError} if the storage refuses, cannot be reached, or holds something else than was sent.
 *
 * @example
 * ```ts
 * const { bytes, md5 } = await uploadZip("./photos", {
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
	const { bucket, concurrency = DEFAULT_CONCURRENCY } = options;
	options.signal?.throwIfAborted();
	checkUploadOptions(options);
	const report = new RunReport(options.onEvent);
	const connection =
		options.client === undefined
			? await connect(options, bucket, concurrency)
			: await connectionOf(options.client, options.provider);
	try {
		return await upload(sources, options, concurrency, connection, report);
	} finally {
		connection.close();
	}
}

/**
 * What {@link uploadZip} would do, from looking at the sources: no request is made, no file opened.
 *
 * @throws as {@link uploadZip} does for options and sources.
 */
export async function planUpload(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
): Promise<UploadPlan> {
	const { bucket, concurrency = DEFAULT_CONCURRENCY } = options;
	checkUploadOptions(options);
	const connection = await connect(options, bucket, concurrency);
	connection.close();
	const report = new RunReport(options.onEvent);
	const { plan } = await planZip(sources, options, report.onEvent);
	const { partSize, maxPartCount } = planPartSize(plan.sizeBound, options.partSize, connection.provider);
	return {
		entries: plan.entryCount,
		sourceBytes: plan.sourceSize,
		maxBytes: plan.sizeBound,
		exact: plan.exact,
		zip64: plan.zip64,
		partSize,
		maxParts: maxPartCount,
		provider: connection.provider.name,
		skipped: report.skippedCount,
		warnings: report.warnings,
	};
}

/** See {@link planUpload}. */
export interface UploadPlan {
	/** Entries found; those of iterables that can be gone through only once are not counted. */
	readonly entries: number;
	/** Bytes of all files. */
	readonly sourceBytes: number;
	/** Bytes the archive cannot exceed; `undefined` if a source has no known size. */
	readonly maxBytes: number | undefined;
	/** Whether it will have just that size: nothing in it is compressed. */
	readonly exact: boolean;
	/** Whether an archive of that size needs ZIP64. */
	readonly zip64: boolean;
	readonly partSize: number;
	/** Most parts it can take; `undefined` if a source has no known size. */
	readonly maxParts: number | undefined;
	readonly provider: string;
	readonly skipped: number;
	readonly warnings: readonly Warning[];
}

function checkUploadOptions(options: UploadZipOptions): void {
	checkObjectAddress(options);
	checkRange("concurrency", options.concurrency, 1, 64);
	checkRange("retryTimeMs", options.retryTimeMs, 0, 7 * 86_400_000);
	checkRange("connectTimeoutMs", options.connectTimeoutMs, 1, 3_600_000);
	checkRange("readTimeoutMs", options.readTimeoutMs, 1, 3_600_000);
	if (options.transport !== undefined && !Object.hasOwn(TRANSPORTS, options.transport))
		throw new InvalidOptionError(`there is no transport "${options.transport}"`);
	checkZipOptions(options);
}

async function upload(
	sources: Source | readonly Source[],
	options: UploadZipOptions,
	concurrency: number,
	connection: Connection,
	report: RunReport,
): Promise<UploadZipResult> {
	const { bucket, key, noClobber = false, retryTimeMs = DEFAULT_RETRY_TIME_MS, hash = "md5" } = options;
	const put = TRANSPORTS[options.transport ?? "parts"];
	const { client, provider, endpoint } = connection;
	const address = { bucket, key };
	if (isPlainHttp(endpoint)) {
		const message = `${endpoint} is not encrypted: everything, though not the secret key, can be read on the way`;
		report.onEvent({ type: "warning", code: "INSECURE_ENDPOINT", message });
	}
	await checkCredentials(client);
	const planned = await planZip(sources, options);
	const { entryCount, sourceSize, sizeBound, zip64 } = planned.plan;
	const { partSize, maxPartCount, capacity } = planPartSize(sizeBound, options.partSize, provider);
	report.onEvent({ type: "planned", entryCount, sourceSize, sizeBound, zip64, partSize, maxPartCount });
	const [older] = await Promise.all([
		findOlderUploads(connection, address, options.signal),
		probeBucket(connection, address, options.signal),
	]);
	if (older !== undefined) report.onEvent({ type: "warning", ...older });
	if (noClobber) await refuseExisting(connection, address);

	// Ends what the archive waits for when the storage has failed, as much as when the caller gives up.
	const run = new AbortController();
	const signal = anySignal(options.signal, run.signal);
	let summary = { entryCount: 0, zip64: false };
	async function* body() {
		// lib-storage keeps the chunks of a part until that is sent.
		const whole = yield* planned.open(report, signal, put === putInParts);
		summary = whole;
		return whole;
	}
	try {
		const stored = await put(connection, {
			address,
			body: body(),
			partSizeOf: () => partSize,
			hash: hash === "none" ? undefined : hash,
			capacity,
			concurrency,
			object: options,
			noClobber,
			retryTimeMs,
			signal: options.signal,
			onProgress: report.onUploaded,
			onUploadCreated: (uploadId) => report.onEvent({ type: "upload-created", uploadId, partSize }),
			onRetry: (operation, reason, waitMs) => report.onEvent({ type: "retry", operation, reason, waitMs }),
		});
		for (const uploadId of stored.unfinished) {
			const message = `the unfinished upload ${uploadId} of s3://${bucket}/${key} could not be removed and still takes space`;
			report.onEvent({ type: "warning", code: "UNFINISHED_UPLOADS", message });
		}
		return {
			...address,
			bytes: stored.size,
			...(stored.hash === undefined ? {} : { [hash]: stored.hash }),
			etag: stored.etag,
			versionId: stored.versionId,
			entries: summary.entryCount,
			zip64: summary.zip64,
			parts: stored.partCount,
			skipped: report.skippedCount,
			warnings: report.warnings,
		};
	} finally {
		run.abort();
	}
}
