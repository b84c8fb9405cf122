import type { Advice } from "./advice/advice.ts";
import { advised } from "./advice/advice-in-words.ts";

/** Tells the kinds of failure apart; the command line derives its exit code from it. New ones may be added. */
export type ErrorCode =
	/** An option is missing, unknown, malformed or out of its range. */
	| "INVALID_OPTION"
	/** A name would leave the folder of extraction, or ZIP cannot hold it. */
	| "INVALID_ENTRY_NAME"
	/** Two sources give an entry of the same name. */
	| "DUPLICATE_ENTRY"
	/** The archive does not fit into the limits of the storage (S3: 10,000 parts, 5 GiB each), or into memory. */
	| "ARCHIVE_TOO_LARGE"
	/** There is nothing under the path of a source. */
	| "SOURCE_NOT_FOUND"
	/** The sources have nothing in them, or filters leave nothing. */
	| "SOURCE_EMPTY"
	/** A source cannot be read, or was read before. */
	| "SOURCE_UNREADABLE"
	/** A source delivered other data than announced. */
	| "SOURCE_CHANGED"
	/** A command among the sources failed, was ended by a signal, or gave no data. */
	| "COMMAND_FAILED"
	/** No credentials were found, or they have expired. */
	| "NO_CREDENTIALS"
	/** The storage has no such bucket. */
	| "NO_SUCH_BUCKET"
	/** The storage has no incomplete upload of that id. */
	| "NO_SUCH_UPLOAD"
	/** The server of a queue refuses, or is not set up for one. */
	| "QUEUE_REFUSED"
	/** A queue has no flow of that id: it was cancelled, is over for long, or was lost. */
	| "NO_SUCH_FLOW"
	/** A worker failed in a way that has no code, or was ended again and again. */
	| "WORKER_FAILED"
	/** The storage refused a request. */
	| "STORAGE_REFUSED"
	/** The storage cannot be reached, or does not respond in time, despite retries. */
	| "NETWORK"
	/** The object in the storage differs from what was sent. */
	| "INTEGRITY"
	/** There is an object under the key, or a file, already, and was not to be replaced. */
	| "DESTINATION_EXISTS"
	/** A local destination cannot be written. */
	| "DESTINATION_UNWRITABLE"
	/** Another run of the same backup job is under way. */
	| "LOCKED"
	/** An archive of shards is complete or aborted already: there is nothing to make or to finish. */
	| "SHARDS_OVER"
	/** An archive of shards cannot be finished, as shards of it are not made yet. */
	| "SHARDS_MISSING"
	/** This process would compress to other bytes than the one that has planned an archive of shards. */
	| "SHARDS_UNFIT"
	/** What is read is no ZIP archive, is damaged, contradicts itself, or can be read in more than one way. */
	| "INVALID_ARCHIVE"
	/** The archive was replaced or written to while it was read. */
	| "ARCHIVE_CHANGED"
	/** The data of an entry does not have the CRC-32 or the size that the archive states, or cannot be decompressed. */
	| "ENTRY_CORRUPT"
	/** An entry is encrypted, or compressed by a method that cannot be read. */
	| "ENTRY_UNSUPPORTED"
	/** The archive has no entry of that name, or none that a pattern matches. */
	| "NO_SUCH_ENTRY"
	/** An entry would be extracted to outside of the target, or is a link that leads there. */
	| "UNSAFE_ENTRY"
	/** What would be extracted is more than the limit. */
	| "SIZE_LIMIT";

/** A failure that zipferry recognises. If another error is behind it, that is the `cause`. */
export abstract class ZipferryError extends Error {
	/** Tells the kind of failure apart. */
	abstract readonly code: ErrorCode;
	/** The message without the advice. */
	readonly problem: string;
	/** The advice as data, for programs that put it into their own words. */
	readonly advice: Advice | undefined;

	constructor(problem: string, { cause, advice }: ErrorDetails = {}) {
		const message = advice === undefined ? problem : advised(problem, advice).message;
		super(message, cause === undefined ? undefined : { cause });
		this.problem = problem;
		this.advice = advice;
	}
}

/** Facts that an error may carry. */
export interface ErrorDetails {
	/** The error behind it. */
	readonly cause?: unknown;
	/** Advice on what to do. */
	readonly advice?: Advice | undefined;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** The same without advice, for a message that goes on behind it. */
export function problemOf(error: unknown): string {
	return error instanceof ZipferryError ? error.problem : messageOf(error);
}

/** Which option an {@link InvalidOptionError} is about. */
export interface InvalidOptionFacts {
	/** Path of the option, such as `partSize`, `metadata.owner` or `sources[2].content`. */
	readonly option?: string | undefined;
	/** The value that was given, for a message: text in quotes, without secrets, and cut if it is long. */
	readonly value?: string | undefined;
	/** The values that the option can have, in words that fit after "must be". */
	readonly allowed?: string | undefined;
	/** The message after the name of the option, if the message begins with that name. */
	readonly rule?: string | undefined;
	/** Advice on what to do. */
	readonly advice?: Advice | undefined;
	/** The error behind it. */
	readonly cause?: unknown;
}

/** An option or argument is missing, unknown, malformed or out of its range. Nothing was read or sent. */
export class InvalidOptionError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "InvalidOptionError";
	/** Tells the kind of failure apart. */
	readonly code = "INVALID_OPTION";
	/** Path of the option; `undefined` if the error is about several options, or none. */
	readonly option: string | undefined;
	/** The value that was given, for a message. */
	readonly value: string | undefined;
	/** The values that the option can have. */
	readonly allowed: string | undefined;
	/** The message after the name of the option; `undefined` if the message does not begin with that name. */
	readonly rule: string | undefined;

	constructor(message: string, { option, value, allowed, rule, ...details }: InvalidOptionFacts = {}) {
		super(message, details);
		this.option = option;
		this.value = value;
		this.allowed = allowed;
		this.rule = rule;
	}
}

/** The archive cannot fit into the part limits of the storage with the chosen part size. */
export class ArchiveTooLargeError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "ArchiveTooLargeError";
	/** Tells the kind of failure apart. */
	readonly code = "ARCHIVE_TOO_LARGE";
}

/** A source is missing, unreadable, or changed after it was opened. */
export class SourceError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "SourceError";
	/** Tells the kind of failure apart. */
	readonly code:
		| "SOURCE_NOT_FOUND"
		| "SOURCE_EMPTY"
		| "SOURCE_UNREADABLE"
		| "SOURCE_CHANGED"
		| "COMMAND_FAILED";
	/** Path or entry name; `undefined` if the error is about the sources as a whole. */
	readonly origin: string | undefined;

	constructor(
		code: SourceError["code"],
		message: string,
		facts: { origin?: string; cause?: unknown; advice?: Advice | undefined } = {},
	) {
		super(message, { cause: facts.cause, advice: facts.advice });
		this.code = code;
		this.origin = facts.origin;
	}
}

/** The facts of a {@link StorageError}: the request, and what the storage said. */
export interface StorageFacts {
	/** Bucket of the request. */
	readonly bucket?: string | undefined;
	/** Key or prefix of the request. */
	readonly key?: string | undefined;
	/** S3 operation, such as `UploadPart`. */
	readonly operation?: string | undefined;
	/** The server's error code, such as `AccessDenied`. */
	readonly serverCode?: string | undefined;
	/** HTTP status of the response; absent if there was no readable response. */
	readonly status?: number | undefined;
	/** The server's id of the request, which its operators can find. */
	readonly requestId?: string | undefined;
	/** What else is known of the outcome, such as what is left; the message ends in it. */
	readonly outcome?: string | undefined;
	/** An incomplete multipart upload that could not be removed and still holds parts. */
	readonly orphanedUploadId?: string | undefined;
	/** Advice on what to do. */
	readonly advice?: Advice | undefined;
	/** The error behind it. */
	readonly cause?: unknown;
}

/** The storage refused, could not be reached, or holds something other than what was sent. */
export class StorageError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "StorageError";
	/** Tells the kind of failure apart. */
	readonly code:
		| "NO_CREDENTIALS"
		| "NO_SUCH_BUCKET"
		| "NO_SUCH_UPLOAD"
		| "STORAGE_REFUSED"
		| "NETWORK"
		| "INTEGRITY"
		| "DESTINATION_EXISTS";
	/** The facts of the request that failed. */
	readonly facts: StorageFacts;

	constructor(code: StorageError["code"], message: string, facts: StorageFacts = {}) {
		super(message, facts);
		this.code = code;
		this.facts = facts;
	}
}

/** The local file for the archive cannot be written, or exists and must not be replaced. */
export class DestinationError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "DestinationError";
	/** Tells the kind of failure apart. */
	readonly code: "DESTINATION_UNWRITABLE" | "DESTINATION_EXISTS";

	constructor(message: string, cause?: unknown, code: DestinationError["code"] = "DESTINATION_UNWRITABLE") {
		super(message, { cause });
		this.code = code;
	}
}
