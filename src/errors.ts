import { shorten } from "./secrets/shorten.ts";

/** Tells the kinds of failure apart; the command line derives its exit code from it. New ones may be added. */
export type ErrorCode =
	| "INVALID_OPTION"
	| "INVALID_ENTRY_NAME"
	| "DUPLICATE_ENTRY"
	| "ARCHIVE_TOO_LARGE"
	| "SOURCE_NOT_FOUND"
	| "SOURCE_EMPTY"
	| "SOURCE_UNREADABLE"
	| "SOURCE_CHANGED"
	| "NO_CREDENTIALS"
	| "NO_SUCH_BUCKET"
	| "STORAGE_REFUSED"
	| "NETWORK"
	| "INTEGRITY"
	| "DESTINATION_EXISTS"
	| "DESTINATION_UNWRITABLE";

/** Characters of an entry name in a message. */
const LONGEST_NAME = 200;

/** Every failure that zipferry itself recognises. The foreign error behind it is its `cause`. */
export abstract class ZipferryError extends Error {
	abstract readonly code: ErrorCode;
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** An option or argument is missing, malformed or out of its range. Nothing was read or sent. */
export class InvalidOptionError extends ZipferryError {
	override readonly name = "InvalidOptionError";
	readonly code = "INVALID_OPTION";
}

/** The value of one option; the message begins with its name. */
export class OptionValueError extends InvalidOptionError {
	readonly option: string;
	/** What stands behind the name: what the value has to be, and is. */
	readonly rule: string;

	constructor(option: string, rule: string) {
		super(`${option} ${rule}`);
		this.option = option;
		this.rule = rule;
	}
}

/** An entry name that would leave the folder of extraction, or that ZIP cannot hold. */
export class InvalidEntryNameError extends ZipferryError {
	override readonly name = "InvalidEntryNameError";
	readonly code = "INVALID_ENTRY_NAME";
	readonly entryName: string;

	constructor(entryName: string, reason: string) {
		super(`the entry name "${shorten(entryName, LONGEST_NAME)}" ${reason}`);
		this.entryName = entryName;
	}
}

/**
 * Two sources give an entry of the same name, or one a file where the other has a directory: a reader would
 * see, or could extract, only one of them.
 */
export class DuplicateEntryError extends ZipferryError {
	override readonly name = "DuplicateEntryError";
	readonly code = "DUPLICATE_ENTRY";
	readonly entryName: string;
	readonly origins: readonly [string, string];

	constructor(entryName: string, origins: readonly [string, string]) {
		super(
			`two sources give the entry "${shorten(entryName, LONGEST_NAME)}": ${origins[0]} and ${origins[1]}`,
		);
		this.entryName = entryName;
		this.origins = origins;
	}
}

/** The archive cannot fit into the part limits of the storage with the chosen part size. */
export class ArchiveTooLargeError extends ZipferryError {
	override readonly name = "ArchiveTooLargeError";
	readonly code = "ARCHIVE_TOO_LARGE";
}

/** Something to be archived is missing, unreadable, or not as it was when it was opened. */
export class SourceError extends ZipferryError {
	override readonly name = "SourceError";
	readonly code: "SOURCE_NOT_FOUND" | "SOURCE_EMPTY" | "SOURCE_UNREADABLE" | "SOURCE_CHANGED";
	/** Path or entry name; absent when it concerns the sources as a whole. */
	readonly origin: string | undefined;

	constructor(
		code: SourceError["code"],
		message: string,
		details: { origin?: string; cause?: unknown } = {},
	) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.origin = details.origin;
	}
}

/** What the storage said and where, for {@link StorageError} and its kin. */
export interface StorageFacts {
	readonly bucket?: string | undefined;
	readonly key?: string | undefined;
	/** S3 operation, such as `UploadPart`. */
	readonly operation?: string | undefined;
	/** The server's error code, such as `AccessDenied`. */
	readonly serverCode?: string | undefined;
	readonly requestId?: string | undefined;
	/** An incomplete multipart upload that could not be removed and still holds parts. */
	readonly orphanedUploadId?: string | undefined;
	readonly cause?: unknown;
}

/** The storage could not be used: refused, out of reach, or holding something else than was sent. */
export class StorageError extends ZipferryError {
	override readonly name = "StorageError";
	readonly code:
		| "NO_CREDENTIALS"
		| "NO_SUCH_BUCKET"
		| "STORAGE_REFUSED"
		| "NETWORK"
		| "INTEGRITY"
		| "DESTINATION_EXISTS";
	readonly facts: StorageFacts;

	constructor(code: StorageError["code"], message: string, facts: StorageFacts = {}) {
		super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
		this.code = code;
		this.facts = facts;
	}
}

/** A local file the archive should go to cannot be written. */
export class DestinationError extends ZipferryError {
	override readonly name = "DestinationError";
	readonly code: "DESTINATION_EXISTS" | "DESTINATION_UNWRITABLE";

	constructor(code: DestinationError["code"], message: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.code = code;
	}
}
