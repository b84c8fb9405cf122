import { availableParallelism } from "node:os";
import type { HashAlgorithm } from "../bytes/hash/archive-hash.ts";
import type { ZipferryEventListener } from "../events.ts";
import {
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../options/field.ts";
import { invalidOption } from "../options/invalid-option.ts";
import { callback, choice, count, flag, signal, textUpTo } from "../options/kinds.ts";
import { SOURCE_FIELDS, type SourceDefaults } from "../sources/options.ts";
import type { SourceOptions } from "../sources/source-options.ts";
import type { Level, MethodChoice } from "../zip/entry.ts";
import { encodeArchiveComment } from "../zip/format/archive-comment.ts";
import { U16_MAX } from "../zip/format/limits.ts";
import { levelOf, MOST_DEFLATE_LEVEL } from "../zip/levels.ts";
import { methodField } from "../zip/method-field.ts";
import { deafTo } from "./heard-events.ts";

/** How an archive is made; every function that makes one takes these options. */
export interface ZipOptions extends SourceOptions {
	/**
	 * How the data of files is stored.
	 *
	 * @defaultValue `"auto"`: deflated if that makes it smaller
	 */
	readonly method?: MethodChoice | undefined;
	/**
	 * Effort of compression. DEFLATE takes 1 (fastest) to 9 (smallest), and method `"zstd"` 1 to 19; from 12 on it takes up to 90 MiB
	 * of memory more, and above 12 one thread alone for each entry. Entries that have another method than the archive get the same
	 * level, up to the highest of theirs.
	 *
	 * @defaultValue `6`; `2` for `"zstd"`
	 */
	readonly level?: Level | undefined;
	/** Comment of the archive, at most 65,535 bytes as UTF-8. */
	readonly comment?: string | undefined;
	/**
	 * Blocks of 1 MiB compressed at once, 1 to 256. Costs about 3 MiB of memory each and does not change
	 * the archive. Node compresses on 4 threads unless `UV_THREADPOOL_SIZE` says otherwise.
	 *
	 * @defaultValue two more than the number of processors, as results leave in order and wait for a slow block
	 */
	readonly compressConcurrency?: number | undefined;
	/** Stops the work: everything open is closed, and the promise rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
	/** Gets an event for each finished entry, everything left out, and warnings. */
	readonly onEvent?: ZipferryEventListener | undefined;
}

/** How an archive is made of sources that are listed first. */
export interface MakeOptions extends ZipOptions {
	/**
	 * Makes an empty archive if the sources are empty, instead of failing.
	 *
	 * @defaultValue `false`: an emptied source cannot replace a good archive
	 */
	readonly allowEmpty?: boolean | undefined;
}

/** How `createZip` makes an archive. */
export interface CreateZipOptions extends MakeOptions {
	/**
	 * The hash over the whole archive that the result reports.
	 *
	 * @defaultValue `"md5"`
	 */
	readonly hash?: HashAlgorithm | "none" | undefined;
	/**
	 * Fails with `DESTINATION_EXISTS` if the file exists, also if it appears during the run; a symbolic link stands for
	 * the file it points to. Streams and functions hold nothing that could be replaced.
	 *
	 * @defaultValue `false`
	 */
	readonly noClobber?: boolean | undefined;
}

/** Hash over an archive. */
export const HASH_CHOICES: readonly (HashAlgorithm | "none")[] = ["md5", "sha256", "crc32", "none"];

const LEVELS: readonly Level[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];

export type ZipDefaults = SourceDefaults | "method" | "comment" | "compressConcurrency" | "onEvent";
export type MakeDefaults = ZipDefaults | "allowEmpty";
export type CreateZipDefaults = MakeDefaults | "hash" | "noClobber";

/** {@link ZipOptions} with their defaults. */
export type ZipSettings = Resolved<ZipOptions, ZipDefaults>;
/** {@link MakeOptions} with their defaults. */
export type MakeSettings = Resolved<MakeOptions, MakeDefaults>;
/** {@link CreateZipOptions} with their defaults. */
export type CreateZipSettings = Resolved<CreateZipOptions, CreateZipDefaults>;

const ZIP_FIELDS: Fields<ZipOptions, ZipDefaults> = {
	...SOURCE_FIELDS,
	method: withDefault(methodField(), "auto"),
	level: optional(choice(LEVELS, 'a whole number from 1 to 9, or up to 19 for "zstd"')),
	comment: withDefault(textUpTo(U16_MAX), ""),
	// Results leave in order, and those behind a slow block wait.
	compressConcurrency: withDefault(count(1, 256), () => availableParallelism() + 2),
	signal: optional(signal()),
	onEvent: withDefault(callback<ZipferryEventListener>(), () => IGNORE),
};

/** Whoever gives no listener hears nothing. */
const IGNORE = deafTo(["entry", "planned"], () => {});

/** Refuses a comment with bytes that readers would take for the end of the archive, and a level that the method does not have. */
export function checkArchive({
	comment,
	method,
	level,
}: Pick<ZipSettings, "comment" | "method" | "level">): void {
	encodeArchiveComment(comment);
	if (level === undefined || level === levelOf(method, level)) return;
	const allowed = `a whole number from 1 to ${MOST_DEFLATE_LEVEL} for method "${method}"`;
	throw invalidOption("level", allowed, level);
}

export const MAKE_FIELDS: Fields<MakeOptions, MakeDefaults> = {
	...ZIP_FIELDS,
	allowEmpty: withDefault(flag(), false),
};

export const CREATE_ZIP_FIELDS: Fields<CreateZipOptions, CreateZipDefaults> = {
	...MAKE_FIELDS,
	hash: withDefault(choice(HASH_CHOICES), "md5"),
	noClobber: withDefault(flag(), false),
};

export const ZIP_SCHEMA: OptionSchema<ZipOptions, ZipDefaults> = schemaOf<ZipOptions, ZipDefaults>()(
	ZIP_FIELDS,
	checkArchive,
);

export const CREATE_ZIP_SCHEMA: OptionSchema<CreateZipOptions, CreateZipDefaults> = schemaOf<
	CreateZipOptions,
	CreateZipDefaults
>()(CREATE_ZIP_FIELDS, checkArchive);
