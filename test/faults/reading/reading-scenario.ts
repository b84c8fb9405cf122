import type { Rule } from "../proxy/plan.ts";

/** A bad day of a storage that an archive is read from, and how reading has to end. */
export interface ReadingScenario {
	/** Row of the list of bad inputs: `B45`. */
	readonly row: string;
	/** What happens, as the title of a test and the cell of a table. */
	readonly fault: string;
	readonly rules: readonly Rule[];
	readonly expected: {
		readonly exitCode: number;
		/** What the error says. */
		readonly says?: RegExp;
	};
	/** Another object than the archive. */
	readonly stored?: Uint8Array;
	/** The command that reads two entries, as a process of its own; `openArchive()` by default. */
	readonly command?: "cat" | "extract";
	/** It takes as long as retries do. */
	readonly isSlow?: boolean;
}

/** Every byte comes, and is right. */
export const READ: ReadingScenario["expected"] = { exitCode: 0 };

export function failsWith(exitCode: number, says: RegExp): ReadingScenario["expected"] {
	return { exitCode, says };
}
