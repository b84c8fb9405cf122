import type { MakeOptions } from "../archive/planned-archive.ts";
import { checkZipOptions } from "../archive/zip-stream.ts";
import type { HashAlgorithm } from "../bytes/hash/archive-hash.ts";
import { InvalidOptionError, OptionValueError } from "../errors.ts";
import { checkRange, checkTime } from "../options/check-range.ts";
import { checkObjectAddress } from "../s3/address.ts";
import type { StorageOptions } from "../s3/open-connection.ts";
import { Bandwidth, type BandwidthLimit } from "../storage/parts/bandwidth.ts";
import type { PartHolder } from "../storage/parts/part-memory.ts";
import type { PartWishes } from "../storage/parts/part-size.ts";
import { checkObjectOptions } from "../storage/put/check-object.ts";
import { putWithLibStorage } from "../storage/put/lib-storage-transport.ts";
import type { ObjectOptions } from "../storage/put/object-options.ts";
import { putInParts } from "../storage/put/parts-transport.ts";
import type { Transport } from "../storage/put/transport.ts";

/** How to make an archive and where to put it. */
export interface UploadZipOptions extends MakeOptions, StorageOptions, ObjectOptions {
	readonly bucket: string;
	/** Name of the object, at most 1,024 bytes as UTF-8. */
	readonly key: string;
	/**
	 * Bytes per part, usually 5 MiB to 2,047 MiB. The upload holds `partSize × (concurrency + 1)`.
	 *
	 * @defaultValue 8 MiB, 16 MiB from 1 GiB on, or what the archive needs to fit into the provider's number of parts
	 * (10,000 as a rule). If a source has no known size: 16 MiB, doubled after every tenth of the parts;
	 * where the storage takes parts of one size only (R2), 16 MiB for all, which is enough for 156 GiB
	 */
	readonly partSize?: number | undefined;
	/**
	 * Bytes the archive may reach, for sources that do not tell their size: parts are planned for it, all of
	 * one size. No effect where the sizes of all sources are known.
	 */
	readonly expectedSize?: number | undefined;
	/**
	 * Keeps the parts of a run that fails or is killed, and goes on with those of one that did: the newest
	 * incomplete upload of exactly this key is found in the storage, the archive is made again, each part
	 * is compared by its hash (ListParts: MD5 or CRC-32), and only what is missing or differs is sent. If
	 * sources have changed meanwhile, the result is the archive of what they are now. Part sizes are those
	 * of the found upload; type, metadata and encryption of the object are those it was begun with, and a
	 * warning tells where they are not what is asked for.
	 *
	 * Needs `s3:ListBucketMultipartUploads` and `s3:ListMultipartUploadParts`. Generated entries without
	 * `mtime` have the time of the run, which makes their parts differ each time.
	 *
	 * @defaultValue `false`: a run that fails leaves nothing behind
	 */
	readonly resume?: boolean | undefined;
	/**
	 * Parts under way at once, 1 to 64.
	 *
	 * @defaultValue `4`
	 */
	readonly concurrency?: number | undefined;
	/**
	 * Bytes per second that are sent at most, over all connections together; or a timetable of them, in local
	 * time, as `[{ minuteOfDay: 8 * 60, bytesPerSecond: 512 * 1024 }, …]`. At least 1,024. Only the timetable
	 * changes it while the upload runs.
	 *
	 * @defaultValue no limit
	 */
	readonly bandwidthLimit?: BandwidthLimit | undefined;
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

/** See {@link UploadZipOptions.transport}. */
export type TransportName = "parts" | "lib-storage";

export const TRANSPORTS: Readonly<Record<TransportName, Transport>> = {
	parts: putInParts,
	"lib-storage": putWithLibStorage,
};

export const DEFAULT_CONCURRENCY = 4;
export const DEFAULT_RETRY_TIME_MS = 600_000;

/**
 * Checks what can be checked before anything is read.
 *
 * @throws {InvalidOptionError}
 */
export function checkUploadOptions(options: UploadZipOptions): void {
	checkObjectAddress(options);
	checkObjectOptions(options);
	checkRange("concurrency", options.concurrency, 1, 64);
	checkTime("retryTimeMs", options.retryTimeMs, 0, 7 * 86_400_000);
	if (
		options.expectedSize !== undefined &&
		!(Number.isSafeInteger(options.expectedSize) && options.expectedSize > 0)
	)
		throw new OptionValueError("expectedSize", `is a number of bytes, not ${options.expectedSize}`);
	if (options.resume === true && options.transport === "lib-storage")
		throw new InvalidOptionError("the transport lib-storage cannot resume; leave it out, or --resume");
	if (options.bandwidthLimit !== undefined) new Bandwidth(options.bandwidthLimit);
	if (options.transport !== undefined && !Object.hasOwn(TRANSPORTS, options.transport))
		throw new InvalidOptionError(`there is no transport "${options.transport}"`);
	checkZipOptions(options);
}

export function partHolder({ concurrency = DEFAULT_CONCURRENCY, transport }: UploadZipOptions): PartHolder {
	return { concurrency, holdsTwice: transport === "lib-storage" };
}

export function partWishes({ partSize, expectedSize, transport }: UploadZipOptions): PartWishes {
	return { partSize, expectedSize, equalOnly: transport === "lib-storage" };
}
