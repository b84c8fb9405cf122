import {
	CREATE_ZIP_FIELDS,
	type CreateZipDefaults,
	type CreateZipOptions,
	checkArchive,
} from "../archive/options.ts";
import { InvalidOptionError } from "../errors.ts";
import { type OptionSchema, optional, type Resolved, schemaOf, withDefault } from "../options/field.ts";
import { byteSize, callback, choice, count, flag, share, text } from "../options/kinds.ts";
import { OBJECT_ADDRESS_FIELDS, objectUrl } from "../s3/address.ts";
import { type ConnectDefaults, retryTime, STORAGE_FIELDS, type StorageOptions } from "../s3/options.ts";
import { type BandwidthLimit, bandwidthLimit } from "../storage/parts/bandwidth-limit.ts";
import {
	checkMetadata,
	OBJECT_FIELDS,
	type ObjectDefaults,
	type ObjectOptions,
} from "../storage/put/object-options.ts";
import { checkTags } from "../storage/put/object-tags.ts";
import { objectMetadata } from "./archive-metadata.ts";

/** How to make an archive and where to put it. */
export interface UploadZipOptions extends CreateZipOptions, StorageOptions, ObjectOptions {
	/** Name of the bucket, or the ARN of an access point of one region, which has to exist. */
	readonly bucket: string;
	/** Name of the object, at most 1,024 bytes as UTF-8. */
	readonly key: string;
	/**
	 * Bytes per part, usually 5 MiB to 2,047 MiB. The upload holds `partSize × (concurrency + 1)`.
	 *
	 * @defaultValue 8 MiB, or larger if the archive would not fit into the provider's number of parts (usually 10,000:
	 * from 77 GiB on). If a source has no known size: 16 MiB, doubled after every tenth of the parts; if the
	 * storage takes parts of one size only (R2), 16 MiB for all, which holds 156 GiB
	 */
	readonly partSize?: number | undefined;
	/**
	 * Bytes the archive may reach, for sources of unknown size: plans parts of one size that hold as much. Has no
	 * effect if the sizes of all sources are known.
	 */
	readonly expectedSize?: number | undefined;
	/**
	 * Resumes the incomplete upload of an earlier run, and keeps the parts if this run fails or is killed.
	 *
	 * The newest incomplete upload of exactly this key is found in the storage. The archive is made again, each
	 * part is compared by its hash (ListParts: MD5 or CRC-32), and only parts that are missing or differ are
	 * sent. If sources have changed, the result is the archive of the sources as they are now. Part sizes, type,
	 * metadata and encryption are those of the upload that is resumed; a warning says if they differ from what
	 * this run asks for.
	 *
	 * Needs `s3:ListBucketMultipartUploads` and `s3:ListMultipartUploadParts`. Generated entries without
	 * `mtime` get the time of the run, so their parts differ each time.
	 *
	 * @defaultValue `false`: a run that fails leaves nothing behind
	 */
	readonly resume?: boolean | undefined;
	/**
	 * Parts to send at once, 1 to 64. Each has a connection of its own; as many are used as there are parts ready.
	 *
	 * @defaultValue `8`; `4` with parts of more than 8 MiB
	 */
	readonly concurrency?: number | undefined;
	/**
	 * Sends at most this many bytes per second over all connections together, or follows a timetable in local
	 * time, such as `[{ minuteOfDay: 8 * 60, bytesPerSecond: 512 * 1024 }, …]`. At least 1,000. Only the
	 * timetable changes the limit while the upload runs.
	 *
	 * @defaultValue no limit
	 */
	readonly bandwidthLimit?: BandwidthLimit | undefined;
	/**
	 * Fails with `DESTINATION_EXISTS` if there is an object under the key, also if one appears during the run.
	 * A few storages (Ceph among them) cannot check that at the end of a multipart upload; there the check
	 * happens before the upload only.
	 *
	 * @defaultValue `false`
	 */
	readonly noClobber?: boolean | undefined;
	/**
	 * The code that sends the parts: zipferry's own part engine, or `Upload` of `@aws-sdk/lib-storage`.
	 *
	 * @defaultValue `"parts"`
	 */
	readonly transport?: TransportName | undefined;
	/**
	 * Reads the archive back when the storage has confirmed it, as {@link verifyArchive} does: its structure with a few requests, or all
	 * of its content. If it is damaged, it is deleted, and the call fails with `INTEGRITY`; a version behind it is current again.
	 * Needs `s3:GetObject`.
	 *
	 * @defaultValue nothing is read back unless the storage has copied something, see `verifySample`: size and ETag, or a checksum, are
	 * always compared
	 */
	readonly verify?: "structure" | "content" | undefined;
	/**
	 * Address of an earlier archive in the same storage, `s3://bucket/key`, that an upload has made. What has not changed since then is
	 * copied from it by the storage, and only the rest is sent: the result is complete and independent of it. Where that is not possible,
	 * all is sent, and a warning `BASE_NOT_USED` says why.
	 *
	 * When the archive is complete, its structure and the content of some copied entries are read back, see `verifySample`. If anything is
	 * damaged, the archive is deleted, the base stays, and the call fails with `INTEGRITY`. If the base is replaced or deleted while it is
	 * copied from, the call fails with `SOURCE_CHANGED` or `SOURCE_NOT_FOUND`, and nothing is published.
	 *
	 * The base may be what is under `key` itself. In a bucket that keeps no versions the archive is then put beside it first, under the
	 * key with `.zipferry-draft` behind it, read back there, and copied over the base by the storage.
	 *
	 * Needs `s3:GetObject` and `s3:GetObjectVersion` for it.
	 *
	 * @defaultValue everything is made and sent
	 */
	readonly base?: string | undefined;
	/** Version of the base; by default the latest. */
	readonly baseVersionId?: string | undefined;
	/**
	 * How a file is compared with the base: by its size, mode and times, or by its content, for which it is read.
	 *
	 * @defaultValue `"mtime"`
	 */
	readonly baseCheck?: BaseCheck | undefined;
	/**
	 * Takes no notice of the time at which the attributes of a file changed last (ctime), which nobody can set. Without it a file whose
	 * content was replaced under the same size and time counts as unchanged.
	 *
	 * @defaultValue `false`: a file counts as changed if that time is not before the beginning of the base
	 */
	readonly ignoreCtime?: boolean | undefined;
	/**
	 * Has the storage join runs of unchanged neighbours that are shorter than its smallest part (usually 5 MiB) to longer ones, so that
	 * they need not be made and sent again. For each a temporary object is made, under the key with `.zipferry-joined/` behind it, and
	 * removed when the upload has ended, however it ended. What a run has left that was killed, the next one with the same key removes.
	 *
	 * Needs `s3:DeleteObject` there, and `s3:ListBucket` to remove what was left. Where the bucket locks each object that is put there
	 * (the default retention of Object Lock), the temporary objects stay as long; a warning `HELPERS_LEFT` tells of those that are left.
	 *
	 * @defaultValue `false`: short runs are made and sent again
	 */
	readonly joinRuns?: boolean | undefined;
	/**
	 * The share of the entries that the storage has copied, from a base, from objects among the sources, or from an archive that is
	 * changed, whose content is read back when the archive is complete, above 0 and up to 1; at least 16 of them, or all if there are
	 * fewer. The same archive has the same ones.
	 *
	 * Of few and large entries that would be much: 1 GiB is read, or the share of all copied bytes if that is more, the smaller ones
	 * first. Of the others, and of entries above 256 MiB, eight places of 256 KiB are compared with what they were copied from, if
	 * that is still there. 1 reads all.
	 *
	 * @defaultValue `0.01`
	 */
	readonly verifySample?: number | undefined;
	/**
	 * Called when the whole archive is made and right before the request that makes it visible: the last moment to stop
	 * it. If it throws or rejects, the upload fails with that error, and nothing is left behind. Its signal aborts when
	 * the upload has failed or is to stop meanwhile. It is called again if the upload has to be made anew.
	 *
	 * @defaultValue nothing is asked
	 */
	readonly beforeComplete?: ((signal: AbortSignal) => void | Promise<void>) | undefined;
	/**
	 * Milliseconds for which a request is retried that fails for a temporary reason.
	 *
	 * @defaultValue 10 minutes; 30 seconds for the first request, and about ten if its host name does not exist, as the
	 * endpoint may be mistyped. A value that is given applies to the first request as well
	 */
	readonly retryTimeMs?: number | undefined;
}

/** See {@link UploadZipOptions.transport}. */
export type TransportName = "parts" | "lib-storage";

export const TRANSPORT_NAMES: readonly TransportName[] = ["parts", "lib-storage"];

/** See {@link UploadZipOptions.verify}. */
export const UPLOAD_VERIFY_LEVELS = ["structure", "content"] as const;

/** See {@link UploadZipOptions.baseCheck}. */
export type BaseCheck = (typeof BASE_CHECKS)[number];

export const BASE_CHECKS = ["mtime", "content"] as const;

export type UploadDefaults =
	| CreateZipDefaults
	| ConnectDefaults
	| ObjectDefaults
	| "resume"
	| "transport"
	| "baseCheck"
	| "ignoreCtime"
	| "joinRuns"
	| "verifySample";

/** {@link UploadZipOptions} with their defaults. */
export type UploadSettings = Resolved<UploadZipOptions, UploadDefaults>;

export const UPLOAD_SCHEMA: OptionSchema<UploadZipOptions, UploadDefaults> = schemaOf<
	UploadZipOptions,
	UploadDefaults
>()(
	{
		...OBJECT_ADDRESS_FIELDS,
		...CREATE_ZIP_FIELDS,
		...STORAGE_FIELDS,
		...OBJECT_FIELDS,
		partSize: optional(byteSize(1)), // its range is the storage's
		expectedSize: optional(byteSize(1)),
		resume: withDefault(flag(), false),
		concurrency: optional(count(1, 64)), // the default depends on the parts
		bandwidthLimit: optional(bandwidthLimit()),
		transport: withDefault(choice(TRANSPORT_NAMES), "parts"),
		verify: optional(choice(UPLOAD_VERIFY_LEVELS)),
		base: optional(objectUrl()),
		baseVersionId: optional(text("the id of a version")),
		baseCheck: withDefault(choice(BASE_CHECKS), "mtime"),
		ignoreCtime: withDefault(flag(), false),
		joinRuns: withDefault(flag(), false),
		verifySample: withDefault(share(), 0.01),
		beforeComplete: optional(callback<NonNullable<UploadZipOptions["beforeComplete"]>>()),
		retryTimeMs: optional(retryTime()), // the first contact has another default
	},
	checkTogether,
);

/** How long a request is repeated once the storage has answered; for the first contact see `probeBucket`. */
export function retryTimeOf({ retryTimeMs = 600_000 }: Pick<UploadSettings, "retryTimeMs">): number {
	return retryTimeMs;
}

function checkTogether(settings: UploadSettings): void {
	checkArchive(settings);
	checkMetadata(settings);
	objectMetadata(settings, Date.now());
	checkTags(settings);
	if (settings.transport === "parts") return;
	if (settings.resume) throw unableTransport("resume", "cannot resume");
	if (settings.base !== undefined) throw unableTransport("base", "cannot copy from a base");
}

function unableTransport(option: string, problem: string): InvalidOptionError {
	const value = '"lib-storage"';
	const rule = `${value} ${problem}`;
	return new InvalidOptionError(`transport ${rule}`, {
		advice: { kind: "choose-option", options: ["transport", option] },
		...{ option: "transport", value, allowed: `"parts" with ${option}`, rule },
	});
}
