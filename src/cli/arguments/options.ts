import type { Argv, InferredOptionTypes, Options } from "yargs";
import type { MakeOptions } from "../../archive/planned-archive.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { Level } from "../../zip/entry.ts";
import type { Io } from "../terminal/io.ts";
import type { ProgressStyle } from "../terminal/progress.ts";
import { CONNECT_OPTIONS, STORAGE, table } from "./connect-options.ts";
import { parseDate, readPatterns } from "./parse.ts";

const SOURCES = "Sources:";
const ARCHIVE = "Archive:";
const OUTPUT = "Output:";
const OBJECT = "Object:";

/** What every command that makes an archive takes. */
export const ARCHIVE_OPTIONS = table({
	exclude: {
		group: SOURCES,
		type: "string",
		array: true,
		requiresArg: true,
		describe: "Leave out what matches a pattern in gitignore syntax; may be repeated",
	},
	include: {
		group: SOURCES,
		type: "string",
		array: true,
		requiresArg: true,
		describe: "Take only files that match a pattern in gitignore syntax; may be repeated",
	},
	"exclude-from": {
		group: SOURCES,
		type: "string",
		array: true,
		requiresArg: true,
		describe: "Read patterns to leave out from a file, one a line",
	},
	symlinks: {
		group: SOURCES,
		choices: ["store", "follow", "skip"],
		default: "store",
		requiresArg: true,
		describe: "Keep symbolic links as links, archive what they point to, or leave them out",
	},
	"skip-errors": {
		group: SOURCES,
		type: "boolean",
		describe: "Leave out what cannot be read and exit with 3, instead of failing",
	},
	strict: {
		group: SOURCES,
		type: "boolean",
		describe: "Fail with 4 if a file changes while it is read, instead of a warning",
	},
	"allow-empty": { group: SOURCES, type: "boolean", describe: "Make an archive even if it has no entries" },
	"portable-names": {
		group: ARCHIVE,
		type: "boolean",
		describe: "Change names that Windows or strict readers refuse, and say each",
	},
	method: {
		group: ARCHIVE,
		choices: ["auto", "store", "deflate"],
		default: "auto",
		requiresArg: true,
		describe: "Compress what gets smaller, nothing, or everything",
	},
	level: {
		group: ARCHIVE,
		type: "number",
		default: 6,
		requiresArg: true,
		describe: "DEFLATE effort, 1 (fastest) to 9 (smallest)",
	},
	hash: {
		group: ARCHIVE,
		choices: ["md5", "sha256", "crc32", "none"],
		default: "md5",
		requiresArg: true,
		describe: "Hash over the whole archive to report",
	},
	comment: { group: ARCHIVE, type: "string", requiresArg: true, describe: "Comment of the archive" },
	mtime: {
		group: ARCHIVE,
		type: "string",
		requiresArg: true,
		describe: "Give every entry this time (ISO 8601, or seconds since 1970)",
	},
	"dry-run": {
		group: OUTPUT,
		type: "boolean",
		describe: "Say what would be archived and how large it can get; send and write nothing",
	},
	json: { group: OUTPUT, type: "boolean", describe: "Print the result, or the error, as JSON on stdout" },
	quiet: { group: OUTPUT, type: "boolean", alias: "q", describe: "Print warnings and errors only" },
	"no-progress": {
		group: OUTPUT,
		type: "boolean",
		describe: "Show no progress on stderr (a bar on a terminal, a line every 5 s elsewhere)",
	},
	debug: { group: OUTPUT, type: "boolean", describe: "Print the stack of an error" },
});

/** What commands that talk to a bucket take besides. */
export const STORAGE_OPTIONS = table({
	...CONNECT_OPTIONS,
	"part-size": {
		group: STORAGE,
		type: "string",
		requiresArg: true,
		describe:
			"Size of the parts of the upload, such as 16M; memory is this times --concurrency + 1; default: planned from the sources",
	},
	"expected-size": {
		group: STORAGE,
		type: "string",
		requiresArg: true,
		describe: "How large the archive may get, where sources do not tell; parts are planned for it",
	},
	resume: {
		group: STORAGE,
		type: "boolean",
		describe: "Keep the parts of a run that fails or is killed, and go on with those of one that did",
	},
	concurrency: {
		group: STORAGE,
		type: "number",
		default: 4,
		requiresArg: true,
		describe: "Parts under way at once, 1 to 64",
	},
	bwlimit: {
		group: STORAGE,
		type: "string",
		requiresArg: true,
		describe:
			'Bytes per second at most, such as 10M, or by local time, "08:00,512k 19:00,10M 23:00,off"; only the times change it while it runs',
	},
	transport: {
		group: STORAGE,
		choices: ["parts", "lib-storage"],
		default: "parts",
		requiresArg: true,
		describe: "What sends the parts: zipferry itself, or the AWS SDK's Upload",
	},
	"no-clobber": {
		group: STORAGE,
		type: "boolean",
		describe: "Fail with 9 if there is an object under the key",
	},
	"retry-time": {
		group: STORAGE,
		type: "string",
		requiresArg: true,
		describe:
			"How long a request that fails for a passing reason is repeated, such as 30s, 1h; default: 10m, the first 30s",
	},
	"content-type": { group: OBJECT, type: "string", requiresArg: true, describe: "Default application/zip" },
	"content-disposition": {
		group: OBJECT,
		type: "string",
		requiresArg: true,
		describe: "How browsers save it",
	},
	"cache-control": { group: OBJECT, type: "string", requiresArg: true, describe: "Header for caches" },
	metadata: {
		group: OBJECT,
		type: "string",
		array: true,
		requiresArg: true,
		describe: "User metadata as key=value; may be repeated",
	},
	"storage-class": { group: OBJECT, type: "string", requiresArg: true, describe: "Such as STANDARD_IA" },
	acl: { group: OBJECT, type: "string", requiresArg: true, describe: "Canned ACL, such as private" },
	sse: {
		group: OBJECT,
		type: "string",
		requiresArg: true,
		describe: "Server-side encryption: AES256 or aws:kms",
	},
	"sse-kms-key-id": { group: OBJECT, type: "string", requiresArg: true, describe: "Key for aws:kms" },
});

export type ArchiveArguments = InferredOptionTypes<typeof ARCHIVE_OPTIONS>;
export type StorageArguments = InferredOptionTypes<typeof STORAGE_OPTIONS>;

/**
 * Adds options to a command; those that are no lists are refused when given twice.
 *
 * Operands are not declared to yargs: it drops a lone `-` from the declared ones and everything behind
 * `--`. They are in `_` as they stand, after the name of the command; see {@link operandsOf}.
 */
export function withOptions<Table extends Record<string, Options>>(
	command: Argv,
	options: Table,
): Argv<InferredOptionTypes<Table>> {
	return command
		.strict(false)
		.strictOptions()
		.options(options)
		.check((given) => {
			for (const [name, { array }] of Object.entries(options)) {
				if (array !== true && Array.isArray(given[name]))
					throw new InvalidOptionError(`--${name} is given twice`);
			}
			return true;
		});
}

/** The only operand. @throws {InvalidOptionError} if there is none, or more. */
export function operandOf(
	{ _: [, ...operands] }: { readonly _: readonly (string | number)[] },
	example: string,
): string {
	const [operand, ...more] = operands.map(String);
	if (operand !== undefined && more.length === 0) return operand;
	throw new InvalidOptionError(`one address is needed: ${example}`);
}

/** The sources, and the destination behind them. @throws {InvalidOptionError} if there are none. */
export function operandsOf(
	{ _: [, ...operands] }: { readonly _: readonly (string | number)[] },
	example: string,
): { readonly sources: readonly string[]; readonly target: string } {
	const sources = operands.map(String);
	const target = sources.pop();
	if (target !== undefined && sources.length > 0) return { sources, target };
	throw new InvalidOptionError(`a source and a destination are needed: ${example}`);
}

export async function makeOptions(given: ArchiveArguments): Promise<Omit<MakeOptions, "signal" | "onEvent">> {
	return {
		exclude: [...(given.exclude ?? []), ...(await readPatterns(given["exclude-from"] ?? []))],
		include: given.include,
		blockingReads: true, // there is nothing else to do
		symlinks: given.symlinks,
		skipErrors: given["skip-errors"],
		strict: given.strict,
		allowEmpty: given["allow-empty"],
		portableNames: given["portable-names"],
		method: given.method,
		level: given.level as Level, // its range is checked with all others
		comment: given.comment,
		mtime: given.mtime === undefined ? undefined : parseDate("mtime", given.mtime),
	};
}

export function progressStyle(
	{ quiet, "no-progress": silent, "dry-run": dryRun }: ArchiveArguments,
	{ stderr }: Io,
): ProgressStyle {
	if (quiet === true || silent === true || dryRun === true) return "none";
	return stderr.isTTY ? "bar" : "lines";
}
