import { type ErrorCode, ZipferryError } from "../errors.ts";
import { RunFailure } from "./run-failure.ts";
import { Interrupted } from "./terminal/signals.ts";

/** Exit codes are API: cron jobs and monitoring branch on them. New ones may be added, none is changed. */
export const EXIT = {
	ok: 0,
	bug: 1,
	usage: 2,
	incomplete: 3,
	source: 4,
	storage: 5,
	network: 6,
	integrity: 7,
	locked: 8,
	destination: 9,
	output: 10,
} as const;

export const EXIT_BY_CODE: Readonly<Record<ErrorCode, number>> = {
	INVALID_OPTION: EXIT.usage,
	INVALID_ENTRY_NAME: EXIT.usage,
	DUPLICATE_ENTRY: EXIT.usage,
	ARCHIVE_TOO_LARGE: EXIT.usage,
	SOURCE_NOT_FOUND: EXIT.source,
	SOURCE_EMPTY: EXIT.source,
	SOURCE_UNREADABLE: EXIT.source,
	SOURCE_CHANGED: EXIT.source,
	COMMAND_FAILED: EXIT.source,
	NO_CREDENTIALS: EXIT.storage,
	NO_SUCH_BUCKET: EXIT.storage,
	NO_SUCH_UPLOAD: EXIT.storage,
	QUEUE_REFUSED: EXIT.storage,
	NO_SUCH_FLOW: EXIT.storage,
	WORKER_FAILED: EXIT.storage,
	STORAGE_REFUSED: EXIT.storage,
	NETWORK: EXIT.network,
	INTEGRITY: EXIT.integrity,
	DESTINATION_EXISTS: EXIT.destination,
	DESTINATION_UNWRITABLE: EXIT.source,
	LOCKED: EXIT.locked,
	SHARDS_OVER: EXIT.storage,
	SHARDS_MISSING: EXIT.storage,
	SHARDS_UNFIT: EXIT.integrity,
	INVALID_ARCHIVE: EXIT.integrity,
	ARCHIVE_CHANGED: EXIT.integrity,
	ENTRY_CORRUPT: EXIT.integrity,
	ENTRY_UNSUPPORTED: EXIT.integrity,
	NO_SUCH_ENTRY: EXIT.source,
	UNSAFE_ENTRY: EXIT.integrity,
	SIZE_LIMIT: EXIT.integrity,
};

type ExitName = keyof typeof EXIT;

/** Exit codes of every command. */
const COMMON: readonly ExitName[] = ["ok", "bug", "usage", "output"];

const MEANINGS: Readonly<Record<ExitName, string>> = {
	ok: "done",
	bug: "a bug in zipferry",
	usage: "wrong usage; nothing was read or sent",
	incomplete: "complete, but some sources could not be read (only with --skip-errors or --skip-missing)",
	source: "a source failed, or the local file cannot be written; nothing was published",
	storage: "the storage refused, lacks what was asked for, or there are no credentials",
	network: "the network failed despite retries",
	integrity: "the object in the storage differs from what was sent",
	locked: "another run of the same job is under way",
	destination: "the destination exists already",
	output: "done, but the result cannot be written to stdout",
};

/** An exit code of a command, with what it means there if that is special. */
export type OwnExit = ExitName | readonly [name: ExitName, meaning: string];

/** Exit codes and what they mean, in order. */
export type ExitCodeRows = readonly (readonly [codes: string, meaning: string])[];

/** What codes mean in all commands together. */
const TOGETHER: readonly OwnExit[] = [
	...(Object.keys(EXIT) as ExitName[]),
	[
		"source",
		"a source failed, or the local file cannot be written, and nothing was published; or there is no such archive or entry",
	],
	[
		"integrity",
		"the object in the storage differs from what was sent, or an archive that is read is damaged",
	],
];

const SIGNAL_CODES = "129, 130, 131, 134, 143";

/** What those mean to a command that is ended by a signal, and then has done its work. */
const CUT_SHORT = "stopped while it starts, by a second signal, or by SIGQUIT or SIGABRT";

/**
 * The exit codes of a command; without one, all there are.
 *
 * @param own - Codes besides those that every command has.
 * @param success - What 0 means.
 * @param endsOnSignal - Whether the first signal is how it ends well.
 */
export function exitCodeRows(
	own: readonly OwnExit[] = TOGETHER,
	success: string = MEANINGS.ok,
	endsOnSignal = false,
): ExitCodeRows {
	const special = new Map(own.map((exit) => (typeof exit === "string" ? [exit, MEANINGS[exit]] : exit)));
	const meanings = new Map([...COMMON.map((name) => [name, MEANINGS[name]] as const), ...special]);
	meanings.set("ok", success);
	const rows = Object.entries(EXIT).flatMap(([key, code]): ExitCodeRows => {
		const meaning = meanings.get(key as ExitName); // a key of EXIT
		return meaning === undefined ? [] : [[String(code), meaning]];
	});
	const stopped = endsOnSignal ? CUT_SHORT : "stopped by SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGTERM";
	return [...rows, [SIGNAL_CODES, stopped]];
}

export function exitCodeOf(error: unknown): number {
	if (error instanceof RunFailure) return exitCodeOf(error.cause);
	if (error instanceof Interrupted) return error.exitCode;
	// Workers of a queue may be newer, and know codes that this version does not.
	return error instanceof ZipferryError ? (EXIT_BY_CODE[error.code] ?? EXIT.bug) : EXIT.bug;
}
