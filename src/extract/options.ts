import { InvalidOptionError } from "../errors.ts";
import { type OptionSchema, optional, type Resolved, schemaOf, withDefault } from "../options/field.ts";
import { byteSize, count, flag, listOf, text } from "../options/kinds.ts";
import { OPEN_ARCHIVE_FIELDS, type OpenArchiveOptions } from "../reader/options.ts";
import type { ConnectDefaults } from "../s3/options.ts";

/**
 * What is extracted, and how. Options on how to connect are for an archive in a bucket, and for a target there.
 */
export interface ExtractOptions extends OpenArchiveOptions {
	/**
	 * Extracts only entries that match one of these patterns in gitignore syntax, or are in a directory that does; `!pattern` takes
	 * some of them out again. Each pattern has to match something.
	 *
	 * @defaultValue all entries
	 */
	readonly patterns?: readonly string[] | undefined;
	/**
	 * Takes so many directories off the beginning of each name. Entries without as many are left out.
	 *
	 * @defaultValue `0`
	 */
	readonly stripComponents?: number | undefined;
	/**
	 * Replaces files and links that are there, each at once when the new one is complete. Directories, devices and FIFOs are
	 * never replaced, and nothing is written through a link.
	 *
	 * @defaultValue `false`: what is there is found before anything is written, and an error
	 */
	readonly overwrite?: boolean | undefined;
	/**
	 * Leaves out files that are there with the size, the time (to the second) and the CRC-32 of their entry, and links with the same target, as an
	 * earlier run has left them. Not for buckets.
	 *
	 * @defaultValue `false`
	 */
	readonly resume?: boolean | undefined;
	/**
	 * Restores setuid, setgid and sticky bits as well, and permission for everybody to write.
	 *
	 * @defaultValue `false`: these are taken off. Other permissions are restored as they are, whatever the umask of the process; that counts for
	 * entries without permissions only
	 */
	readonly preserveModes?: boolean | undefined;
	/**
	 * Makes symbolic links that lead out of the target, too.
	 *
	 * @defaultValue `false`: an archive with such links is refused
	 */
	readonly unsafeLinks?: boolean | undefined;
	/**
	 * Bytes that all that is extracted may have. An entry never gets more than the archive states.
	 *
	 * @defaultValue what is free on the disk; no limit for buckets
	 */
	readonly maxSize?: number | undefined;
	/**
	 * Checks everything that can be checked without writing, and tells of each entry that would be extracted.
	 *
	 * @defaultValue `false`
	 */
	readonly dryRun?: boolean | undefined;
}

type ExtractDefaults =
	| ConnectDefaults
	| "patterns"
	| "stripComponents"
	| "overwrite"
	| "resume"
	| "preserveModes"
	| "unsafeLinks"
	| "dryRun";

/** {@link ExtractOptions} with their defaults. */
export type ExtractSettings = Resolved<ExtractOptions, ExtractDefaults>;

export const EXTRACT_SCHEMA: OptionSchema<ExtractOptions, ExtractDefaults> = schemaOf<
	ExtractOptions,
	ExtractDefaults
>()(
	{
		...OPEN_ARCHIVE_FIELDS,
		patterns: withDefault(listOf(text("text that is a pattern"), "a list of patterns"), () => []),
		stripComponents: withDefault(count(0, 1000), 0),
		overwrite: withDefault(flag(), false),
		resume: withDefault(flag(), false),
		preserveModes: withDefault(flag(), false),
		unsafeLinks: withDefault(flag(), false),
		maxSize: optional(byteSize(0)),
		dryRun: withDefault(flag(), false),
	},
	({ patterns }) => {
		const hopeless = patterns.find((pattern) => pattern.trim() === "" || pattern.startsWith("#"));
		if (hopeless !== undefined)
			throw new InvalidOptionError(`the pattern "${hopeless}" can match nothing`, { option: "patterns" });
	},
);
