import * as v from "valibot";
import { Count } from "../plan-schema.ts";
import type { SliceHead } from "../slice.ts";

const Text = v.pipe(v.string(), v.nonEmpty());

/** What the first line of a slice has to look like. */
export const SLICE_HEAD: v.GenericSchema<unknown, SliceHead> = v.object({
	version: v.literal(1),
	plan: Text,
	...{ index: Count, size: Count, entryCount: Count, directorySize: Count, crc32: Count, tailSize: Count },
	contentSize: Count,
	// Of a slice that an older program has written.
	copiedEntryCount: v.optional(Count, 0),
	copiedSize: v.optional(Count, 0),
	parts: v.array(
		v.pipe(
			v.object({
				partNumber: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
				size: Count,
				etag: Text,
				crc32: v.optional(v.string()),
				md5: v.optional(v.string()),
			}),
			// They are there in all parts of this program, if undefined.
			v.transform(({ partNumber, size, etag, crc32, md5 }) => ({ partNumber, size, etag, crc32, md5 })),
		),
	),
});
