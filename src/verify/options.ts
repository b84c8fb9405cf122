import * as v from "valibot";
import { InvalidOptionError } from "../errors.ts";
import {
	type Field,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../options/field.ts";
import { choice, share, text } from "../options/kinds.ts";
import { OPEN_ARCHIVE_FIELDS, type OpenArchiveOptions } from "../reader/options.ts";
import type { ConnectDefaults } from "../s3/options.ts";
import { looksLikeAddress } from "../sources/address.ts";
import { TREE_FIELDS, type TreeDefaults, type TreeOptions } from "./differences/options.ts";

/** How much of an archive is checked. */
export const VERIFY_LEVELS = ["structure", "headers", "content"] as const;

/**
 * How much of an archive is checked:
 *
 * - `"structure"`: end records, directory, whether the entries fill the archive without gaps and do not overlap, and the local
 *   headers of the first and last entry, at every place where the order of the entries is not that of the directory, and of 66 others:
 *   six groups of neighbours, so that they come with a few requests. Reads a few MiB besides the directory.
 * - `"headers"`: all local headers and data descriptors as well. Large data is not read.
 * - `"content"`: everything: all data is read and decompressed, and its CRC-32 compared.
 */
export type VerifyLevel = (typeof VERIFY_LEVELS)[number];

/** What {@link verifyArchive} looks at. */
export interface VerifyArchiveOptions extends OpenArchiveOptions, TreeOptions {
	/**
	 * How much is checked.
	 *
	 * @defaultValue `"content"`, which reads the whole archive
	 */
	readonly level?: VerifyLevel | undefined;
	/**
	 * Checks headers or content of this share of the entries only, above 0 and up to 1, at least of one entry. The structure is always
	 * checked as a whole.
	 *
	 * @defaultValue `1`
	 */
	readonly sample?: number | undefined;
	/**
	 * Which entries a sample has: the same for the same text.
	 *
	 * @defaultValue made of what the archive is known by (ETag, or size and time), so that another run looks at the same ones
	 */
	readonly seed?: string | undefined;
	/**
	 * Path of the directory that was archived: compares names, kinds, sizes, modes, times at the precision that the archive has,
	 * targets of links, and with level `"content"` the CRC-32 of the files. What differs is in
	 * {@link VerifyArchiveResult.differences}.
	 */
	readonly against?: string | undefined;
}

export type VerifyDefaults = ConnectDefaults | TreeDefaults | "level" | "sample";

/** {@link VerifyArchiveOptions} with their defaults. */
export type VerifyArchiveSettings = Resolved<VerifyArchiveOptions, VerifyDefaults>;

export const VERIFY_ARCHIVE_SCHEMA: OptionSchema<VerifyArchiveOptions, VerifyDefaults> = schemaOf<
	VerifyArchiveOptions,
	VerifyDefaults
>()(
	{
		...OPEN_ARCHIVE_FIELDS,
		level: withDefault(choice(VERIFY_LEVELS), "content"),
		sample: withDefault(share(), 1),
		seed: optional(text()),
		against: optional(directory()),
		...TREE_FIELDS,
	},
	checkSample,
);

/** What is in a bucket has no modes and links, and would differ in each entry. */
function directory(): Field<string> {
	const allowed = "the path of a directory on this machine";
	return v.pipe(
		text(allowed),
		v.check((value) => !looksLikeAddress(value), allowed),
	);
}

function checkSample({ level, sample }: VerifyArchiveSettings): void {
	if (level !== "structure" || sample === 1) return;
	throw new InvalidOptionError('sample does nothing with level "structure"', {
		advice: { kind: "choose-option", options: ["sample", "level"] },
		option: "sample",
		value: String(sample),
		allowed: 'left out with level "structure"',
		rule: 'does nothing with level "structure"',
	});
}
