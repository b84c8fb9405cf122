import * as v from "valibot";
import { PROVIDER_NAMES } from "../../s3/providers.ts";
import { type Level, METHOD_CHOICES } from "../../zip/entry.ts";
import type { Manifest } from "../manifest.ts";
import { Count, PLAN_ENTRIES } from "../plan-schema.ts";

const Crc32 = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(0xffff_ffff));
const Positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const SOURCE = v.variant("kind", [
	v.object({
		kind: v.literal("directory"),
		path: v.string(),
		followLinks: v.optional(v.literal(true)),
	}),
	v.object({ kind: v.literal("objects"), bucket: v.string() }),
	v.object({ kind: v.literal("resources") }),
]);

const SHARD = v.object({
	...{ entryCount: Count, sourceSize: Count, sizeBound: Count, firstPart: Positive, partCount: Count },
	copies: v.optional(v.array(v.object({ entry: Count, offset: Count, byteLength: Positive }))),
	rows: v.array(v.object({ page: Count, offset: Count, size: Count, crc32: Crc32 })),
});

/** What a manifest has to look like; what it has besides is left out. */
export const MANIFEST: v.GenericSchema<unknown, Manifest> = v.pipe(
	v.object({
		...PLAN_ENTRIES,
		software: v.string(),
		plannedAt: v.string(),
		provider: v.picklist(PROVIDER_NAMES),
		archive: v.object({
			method: v.picklist(METHOD_CHOICES),
			level: v.custom<Level>(isLevel),
			comment: v.string(),
			mtime: v.optional(v.string()),
			maxMtime: v.optional(v.string()),
		}),
		object: v.object({ noClobber: v.boolean(), tags: v.optional(v.record(v.string(), v.string())) }),
		probe: v.string(),
		sources: v.array(SOURCE),
		pages: v.array(v.object({ size: Count, crc32: Crc32 })),
		shards: v.array(SHARD),
		directory: v.object({ firstPart: Positive, partCount: Positive, sizeBound: Count }),
		partSize: Positive,
		exact: v.boolean(),
	}),
	v.check(({ shards, shardCount }) => shards.length === shardCount),
);

function isLevel(value: unknown): boolean {
	return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 19;
}
