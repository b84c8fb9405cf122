import type { Advice } from "../advice/advice.ts";
import { ZipferryError } from "../errors.ts";
import { shorten } from "../secrets/shorten.ts";

/** Characters of an entry name in a message. */
const LONGEST_NAME = 200;

/** The facts of an {@link ExtractError}. */
export interface ExtractFacts {
	/** The entry that the error is about, as text; `undefined` if it is about several, or none. */
	readonly entryName?: string | undefined;
	/** Advice on what to do. */
	readonly advice?: Advice | undefined;
	/** The error behind it. */
	readonly cause?: unknown;
}

/** An archive is not extracted, because of what would become of it, or of what is there. */
export class ExtractError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "ExtractError";
	/** Tells the kind of failure apart. */
	readonly code: "UNSAFE_ENTRY" | "SIZE_LIMIT" | "DESTINATION_EXISTS";
	/** The entry that the error is about, as text; `undefined` if it is about several, or none. */
	readonly entryName: string | undefined;

	constructor(code: ExtractError["code"], message: string, { entryName, ...details }: ExtractFacts = {}) {
		super(message, details);
		this.code = code;
		this.entryName = entryName;
	}
}

/** An entry that would get to a place where it must not be. */
export function unsafeEntry(location: string, entryName: string, reason: string): ExtractError {
	const message = `${location}: the entry "${shorten(entryName, LONGEST_NAME)}" ${reason}`;
	return new ExtractError("UNSAFE_ENTRY", message, { entryName });
}
