import { ZipferryError } from "../errors.ts";
import { shorten } from "../secrets/shorten.ts";

/** Characters of an entry name in a message. */
const LONGEST_NAME = 200;

/** The facts of an {@link ArchiveError}. */
export interface ArchiveFacts {
	/** Path or URL of the archive, without credentials. */
	readonly location: string;
	/** The entry that the error is about, as text; `undefined` if it is about the archive as a whole. */
	readonly entryName?: string | undefined;
	/** Byte of the archive where the structure begins that is wrong, counted from 0, where one is to blame. */
	readonly offset?: number | undefined;
	/** The error behind it. */
	readonly cause?: unknown;
}

/** An archive that is read is damaged, ambiguous, not supported, or not what it was any more. */
export class ArchiveError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "ArchiveError";
	/** Tells the kind of failure apart. */
	readonly code:
		| "INVALID_ARCHIVE"
		| "ARCHIVE_CHANGED"
		| "ENTRY_CORRUPT"
		| "ENTRY_UNSUPPORTED"
		| "NO_SUCH_ENTRY";
	/** Path or URL of the archive, without credentials. */
	readonly location: string;
	/** The entry that the error is about, as text; `undefined` if it is about the archive as a whole. */
	readonly entryName: string | undefined;
	/** Byte of the archive where the structure begins that is wrong, counted from 0; `undefined` if none is to blame. */
	readonly offset: number | undefined;
	/** The problem without the names of archive and entry, for a list of many. */
	readonly reason: string;

	/** @param reason - What is wrong, in words that go on behind the name of the archive or the entry. */
	constructor(code: ArchiveError["code"], reason: string, facts: ArchiveFacts) {
		const { location, entryName, offset, cause } = facts;
		const about = entryName === undefined ? "" : `the entry "${shorten(entryName, LONGEST_NAME)}" `;
		super(`${location}: ${about}${reason}`, { cause });
		this.code = code;
		this.location = location;
		this.entryName = entryName;
		this.offset = offset;
		this.reason = reason;
	}
}
