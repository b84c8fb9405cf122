import {
	CREATE_ZIP_FIELDS,
	type CreateZipDefaults,
	type CreateZipOptions,
	checkComment,
} from "../archive/options.ts";
import { InvalidOptionError } from "../errors.ts";
import { type OptionSchema, optional, type Resolved, schemaOf, withDefault } from "../options/field.ts";
import { byteSize, choice, count, flag, milliseconds } from "../options/kinds.ts";
import { OBJECT_ADDRESS_FIELDS } from "../s3/address.ts";
import { type ConnectDefaults, STORAGE_FIELDS, type StorageOptions } from "../s3/options.ts";
import { type BandwidthLimit, bandwidthLimit } from "../storage/parts/bandwidth-limit.ts";
import {
	checkMetadata,
	OBJECT_FIELDS,
	type ObjectDefaults,
	type ObjectOptions,
} from "../storage/put/object-options.ts";

/** How to make an archive and where to put it. */
export interface UploadZipOptions extends CreateZipOptions, StorageOptions, ObjectOptions {
	/** Name of the bucket, which has to exist. */
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
	 * of the found upload; type, metadata and encryption of the object are those it was started with, and a
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
	 * What cuts the archive into parts: our own part engine, or `Upload` of `@aws-sdk/lib-storage`.
	 *
	 * @defaultValue `"parts"`
	 */
	readonly transport?: TransportName | undefined;
	/**
	 * Milliseconds for which a request that fails for a passing reason is repeated.
	 *
	 * @defaultValue 10 minutes; 30 seconds for the first one, and about ten if its host name does not exist: the
	 * endpoint may be mistyped. A time that is given holds for the first one as well
	 */
	readonly retryTimeMs?: number | undefined;
}

/** See {@link UploadZipOptions.transport}. */
export type TransportName = "parts" | "lib-storage";

export const TRANSPORT_NAMES: readonly TransportName[] = ["parts", "lib-storage"];

export type UploadDefaults =
	| CreateZipDefaults
	| ConnectDefaults
	| ObjectDefaults
	| "resume"
	| "concurrency"
	| "noClobber"
	| "transport";

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
		concurrency: withDefault(count(1, 64), 4),
		bandwidthLimit: optional(bandwidthLimit()),
		noClobber: withDefault(flag(), false),
		transport: withDefault(choice(TRANSPORT_NAMES), "parts"),
		retryTimeMs: optional(milliseconds(0, 7 * 86_400_000)), // the first contact has another default
	},
	checkTogether,
);

/** How long a request is repeated once the storage has answered; for the first contact see `probeBucket`. */
export function retryTimeOf({ retryTimeMs = 600_000 }: Pick<UploadSettings, "retryTimeMs">): number {
	return retryTimeMs;
}

function checkTogether(settings: UploadSettings): void {
	checkComment(settings);
	checkMetadata(settings);
	if (settings.resume && settings.transport === "lib-storage")
		throw new InvalidOptionError('transport "lib-storage" cannot resume', {
			advice: { kind: "choose-option", options: ["transport", "resume"] },
			option: "transport",
			value: '"lib-storage"',
			allowed: '"parts" with resume',
			rule: '"lib-storage" cannot resume',
		});
}
