import { availableParallelism } from "node:os";
import { RUN_SCRIPT } from "../sources/files/reading/run-script.ts";
import type { RunThreadOptions } from "../zip/runs/run-threads.ts";

/** Starting threads takes longer than reading so few files. */
const FEW_FILES = 200;

/**
 * Threads that read small files and make runs of them.
 *
 * @param concurrency - Blocks compressed at once.
 * @param expectedCount - Entries, where that is known.
 */
export function runThreads(concurrency: number, expectedCount = 0): RunThreadOptions {
	return {
		script: RUN_SCRIPT,
		startAfter: expectedCount > 2 * FEW_FILES ? 0 : FEW_FILES,
		count: Math.min(concurrency, availableParallelism()),
	};
}
