import type { Advice } from "../../advice/advice.ts";
import { ZipferryError } from "../../errors.ts";
import { shorten } from "../../secrets/shorten.ts";

/** Characters of an entry name in a message. */
const LONGEST_NAME = 200;

const RENAME: Advice = { kind: "other", text: "rename one of them, or leave it out with a filter" };

/** An entry name that would leave the folder of extraction, or that ZIP cannot hold. */
export class InvalidEntryNameError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "InvalidEntryNameError";
	/** Tells the kind of failure apart. */
	readonly code = "INVALID_ENTRY_NAME";
	/** The name as it was given. */
	readonly entryName: string;

	constructor(entryName: string, reason: string) {
		super(`the entry name "${shorten(entryName, LONGEST_NAME)}" ${reason}`);
		this.entryName = entryName;
	}
}

/**
 * Two sources give an entry of the same name, or one gives a file where the other has a directory. A reader could
 * extract only one of them.
 */
export class DuplicateEntryError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "DuplicateEntryError";
	/** Tells the kind of failure apart. */
	readonly code = "DUPLICATE_ENTRY";
	/** The name that was given twice. */
	readonly entryName: string;
	/** The two paths or entry names it came from. */
	readonly origins: readonly [string, string];

	/**
	 * @param reason - Why two names that differ are one.
	 * @param advice - On what to do, where there is better advice than to rename one.
	 */
	constructor(entryName: string, origins: readonly [string, string], reason?: string, advice?: Advice) {
		const [first, second] = origins;
		const problem =
			reason === undefined
				? `two sources give the entry "${shorten(entryName, LONGEST_NAME)}": ${first} and ${second}`
				: `${first} and ${second} cannot both be in the archive: ${reason}`;
		super(problem, { advice: advice ?? (reason === undefined ? undefined : RENAME) });
		this.entryName = entryName;
		this.origins = origins;
	}
}
