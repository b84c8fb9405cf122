import { type ErrorCode, ZipferryError } from "../errors.ts";
import { KeptUpload } from "./kept-upload.ts";
import { Interrupted } from "./terminal/signals.ts";

/**
 * Exit codes are API: cron jobs and monitoring branch on them. New ones may be added, none is changed. 8 is left
 * to scripts that hold a lock, such as `examples/cron-backup.sh`.
 */
export const EXIT = {
	ok: 0,
	bug: 1,
	usage: 2,
	incomplete: 3,
	source: 4,
	storage: 5,
	network: 6,
	integrity: 7,
	destination: 9,
	output: 10,
} as const;

const BY_CODE: Readonly<Record<ErrorCode, number>> = {
	INVALID_OPTION: EXIT.usage,
	INVALID_ENTRY_NAME: EXIT.source,
	DUPLICATE_ENTRY: EXIT.usage,
	ARCHIVE_TOO_LARGE: EXIT.usage,
	SOURCE_NOT_FOUND: EXIT.source,
	SOURCE_EMPTY: EXIT.source,
	SOURCE_UNREADABLE: EXIT.source,
	SOURCE_CHANGED: EXIT.source,
	NO_CREDENTIALS: EXIT.storage,
	NO_SUCH_BUCKET: EXIT.storage,
	STORAGE_REFUSED: EXIT.storage,
	NETWORK: EXIT.network,
	INTEGRITY: EXIT.integrity,
	DESTINATION_EXISTS: EXIT.destination,
	DESTINATION_UNWRITABLE: EXIT.source,
};

/** The table that ends every `--help`. */
export const EXIT_CODE_HELP = `Exit codes:
  0  complete, and confirmed by the storage
  1  a bug in zipferry
  2  wrong usage; nothing was read or sent
  3  complete, but some sources could not be read (only with --skip-errors)
  4  a source failed, or the local file cannot be written; nothing was published
  5  the storage refused, or there are no credentials
  6  the network failed in spite of retries
  7  the storage holds something else than was sent
  9  the destination exists already
  10  done, but the result cannot be written to stdout
  129, 130, 143  stopped by SIGHUP, SIGINT, SIGTERM`;

export function exitCodeOf(error: unknown): number {
	if (error instanceof KeptUpload) return exitCodeOf(error.cause);
	if (error instanceof Interrupted) return error.exitCode;
	return error instanceof ZipferryError ? BY_CODE[error.code] : EXIT.bug;
}
