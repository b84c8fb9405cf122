import { availableParallelism } from "node:os";
import type { ZipOptions } from "../../archive/options.ts";
import { type OptionSchema, type Resolved, schemaOf, withDefault } from "../../options/field.ts";
import { count } from "../../options/kinds.ts";
import type { ConnectDefaults } from "../../s3/options.ts";
import { SOURCE_FIELDS } from "../../sources/options.ts";
import type { SourceOptions } from "../../sources/source-options.ts";
import { PART_PACE_FIELDS, type PartPaceOptions, SHARDS_FIELDS, type ShardsOptions } from "../options.ts";

/** How a shard is made: nothing of it changes the archive. */
export interface MakeShardOptions
	extends ShardsOptions,
		PartPaceOptions,
		Pick<SourceOptions, "blockingReads" | "readAhead" | "readAheadSize" | "sourceStorage">,
		Pick<ZipOptions, "compressConcurrency"> {}

export type MakeShardDefaults =
	| ConnectDefaults
	| "blockingReads"
	| "readAhead"
	| "readAheadSize"
	| "compressConcurrency";

/** {@link MakeShardOptions} with their defaults. */
export type MakeShardSettings = Resolved<MakeShardOptions, MakeShardDefaults>;

const { blockingReads, readAhead, readAheadSize, sourceStorage } = SOURCE_FIELDS;

export const MAKE_SHARD_SCHEMA: OptionSchema<MakeShardOptions, MakeShardDefaults> = schemaOf<
	MakeShardOptions,
	MakeShardDefaults
>()({
	...SHARDS_FIELDS,
	...PART_PACE_FIELDS,
	...{ blockingReads, readAhead, readAheadSize, sourceStorage },
	compressConcurrency: withDefault(count(1, 256), () => availableParallelism() + 2),
});
