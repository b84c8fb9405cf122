import type { GeneratedEntry, ZipOptions } from "../../../src/index.ts";
import type { EntryFacts } from "../entry-facts.ts";

/**
 * When a case is shown to the readers: `quick` ones stand for the others in `npm test`, `small` ones are part
 * of `npm run test:all`, `ci` ones take gigabytes and are for CI, `big` ones hours, when asked only.
 */
export type Grade = "quick" | "small" | "ci" | "big";

/** One archive that every reader is shown. */
export interface Case {
	/** A row of the table. */
	readonly name: string;
	readonly grade: Grade;
	/**
	 * - `"all"`: read, and extracted by the readers that can.
	 * - `"read"`: not extracted: more than a disk or a file system takes.
	 * - `"large"`: nor is its data hashed: gigabytes of zeros, whose CRC-32 every reader checks.
	 */
	readonly depth: "all" | "read" | "large";
	/** Where there are so many that it matters to a reader. */
	readonly entryCount?: number | undefined;
	/** Where the readers live; UTC by default. */
	readonly timeZone?: string | undefined;
	/** Made on a Node that has Zstandard only. */
	readonly needsZstd?: boolean | undefined;
	/** Makes the source, in a directory that is removed afterwards. */
	make(directory: string): Promise<CaseSource>;
}

/** A directory tree, or entries made by the program, and what the archive of them has to hold. */
export interface CaseSource {
	readonly tree?: string | undefined;
	readonly generated?: Iterable<GeneratedEntry> | undefined;
	readonly options?: ZipOptions | undefined;
	/** The archive, if it is made already. */
	readonly archive?: Uint8Array | undefined;
	readonly entries: readonly EntryFacts[];
}
