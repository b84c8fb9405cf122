import { type OptionSchema, type Resolved, schemaOf, withDefault } from "../../options/field.ts";
import { flag } from "../../options/kinds.ts";
import { MAKE_SHARD_SCHEMA, type MakeShardDefaults, type MakeShardOptions } from "../work/options.ts";

/** How to finish an archive of shards. Those on sources are for shards that have to be made again. */
export interface FinishShardsOptions extends MakeShardOptions {
	/**
	 * Makes shards here that nobody has made yet, one after the other.
	 *
	 * @defaultValue `false`: they are named in a {@link ShardsError}, and nothing is changed
	 */
	readonly makeMissing?: boolean | undefined;
}

export type FinishShardsDefaults = MakeShardDefaults | "makeMissing";

/** {@link FinishShardsOptions} with their defaults. */
export type FinishShardsSettings = Resolved<FinishShardsOptions, FinishShardsDefaults>;

export const FINISH_SHARDS_SCHEMA: OptionSchema<FinishShardsOptions, FinishShardsDefaults> = schemaOf<
	FinishShardsOptions,
	FinishShardsDefaults
>()({ ...MAKE_SHARD_SCHEMA.fields, makeMissing: withDefault(flag(), false) });
