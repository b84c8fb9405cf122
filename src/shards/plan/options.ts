import { checkArchive, MAKE_FIELDS, type MakeDefaults, type MakeOptions } from "../../archive/options.ts";
import {
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../../options/field.ts";
import { byteSize, count, flag } from "../../options/kinds.ts";
import { OBJECT_ADDRESS_FIELDS } from "../../s3/address.ts";
import { type ConnectDefaults, retryTime, STORAGE_FIELDS, type StorageOptions } from "../../s3/options.ts";
import {
	checkMetadata,
	OBJECT_FIELDS,
	type ObjectDefaults,
	type ObjectOptions,
} from "../../storage/put/object-options.ts";
import { checkTags } from "../../storage/put/object-tags.ts";
import { objectMetadata } from "../../upload/archive-metadata.ts";

/** Options of one process: workers have their own, and what reads a source again refuses what has changed. */
type OfOneProcess = "strict" | "compressConcurrency" | "readAhead" | "readAheadSize";
/** Would have names held, or change their order; and an archive of nothing needs no workers. */
type NotOfShards = "portableNames" | "allowEmpty";

/** What is archived by many workers, how, and where it goes. */
export interface PlanShardsOptions
	extends Omit<MakeOptions, OfOneProcess | NotOfShards>,
		StorageOptions,
		ObjectOptions {
	/** Name of the bucket, or the ARN of an access point of one region, which has to exist. */
	readonly bucket: string;
	/** Name of the object, at most 1,024 bytes as UTF-8. */
	readonly key: string;
	/**
	 * Workers that are to share the work, 1 to 1,000: several shards are planned for each, so that all end at about the same time. Fewer or
	 * more may work.
	 *
	 * @defaultValue `4`
	 */
	readonly workers?: number | undefined;
	/**
	 * Entries of a shard. A shard whose entries would be smaller in the archive than the smallest part (5 MiB) has more.
	 *
	 * @defaultValue 100,000, or more where that would come to thousands of shards
	 */
	readonly maxEntries?: number | undefined;
	/**
	 * Bytes of the files of a shard, before compression. A file that is larger is a shard of its own; it is not cut.
	 *
	 * @defaultValue 16 GiB, or more where that would come to thousands of shards
	 */
	readonly maxBytes?: number | undefined;
	/**
	 * Bytes per part, usually 5 MiB to 2,042 MiB.
	 *
	 * @defaultValue 8 MiB, or larger if the parts would be too many for the storage (usually 10,000)
	 */
	readonly partSize?: number | undefined;
	/**
	 * Fails with `DESTINATION_EXISTS` if there is an object under the key: here, and again when the archive is finished, as far as the
	 * storage can check that then.
	 *
	 * @defaultValue `false`
	 */
	readonly noClobber?: boolean | undefined;
	/**
	 * Milliseconds for which a request is retried that fails for a temporary reason.
	 *
	 * @defaultValue 10 minutes; 30 seconds for the first request
	 */
	readonly retryTimeMs?: number | undefined;
}

export type PlanShardsDefaults =
	| Exclude<MakeDefaults, OfOneProcess | NotOfShards>
	| ConnectDefaults
	| ObjectDefaults
	| "workers"
	| "noClobber";

/** {@link PlanShardsOptions} with their defaults. */
export type PlanShardsSettings = Resolved<PlanShardsOptions, PlanShardsDefaults>;

const MAX_WORKERS = 1_000;
const MAX_ENTRIES = 100_000_000;

const {
	strict,
	compressConcurrency,
	readAhead,
	readAheadSize,
	portableNames,
	allowEmpty,
	...ARCHIVE_FIELDS
} = MAKE_FIELDS;

const FIELDS: Fields<PlanShardsOptions, PlanShardsDefaults> = {
	...OBJECT_ADDRESS_FIELDS,
	...ARCHIVE_FIELDS,
	...STORAGE_FIELDS,
	...OBJECT_FIELDS,
	workers: withDefault(count(1, MAX_WORKERS), 4),
	maxEntries: optional(count(1, MAX_ENTRIES)),
	maxBytes: optional(byteSize(1)),
	partSize: optional(byteSize(1)), // its range is the storage's
	noClobber: withDefault(flag(), false),
	retryTimeMs: optional(retryTime()), // the first contact has another default
};

export const PLAN_SHARDS_SCHEMA: OptionSchema<PlanShardsOptions, PlanShardsDefaults> = schemaOf<
	PlanShardsOptions,
	PlanShardsDefaults
>()(FIELDS, (settings) => {
	checkArchive(settings);
	checkMetadata(settings);
	objectMetadata(settings, Date.now(), { shards: "0".repeat(32) });
	checkTags(settings);
});

/** How long a request is repeated once the storage has answered. */
export function retryTimeOf({ retryTimeMs = 600_000 }: Pick<PlanShardsSettings, "retryTimeMs">): number {
	return retryTimeMs;
}
