import { availableParallelism } from "node:os";
import { RUN_SCRIPT } from "../sources/files/reading/run-script.ts";
import type { RunThreadOptions } from "../zip/runs/run-threads.ts";

/** Starting threads takes longer than reading so few files. */
const START_AFTER = 200;

/**
 * Threads that read small files and make runs of them.
 *
 * @param concurrency - Blocks compressed at once.
 */
export function runThreads(concurrency: number): RunThreadOptions {
	return {
		script: RUN_SCRIPT,
		startAfter: START_AFTER,
		count: Math.min(concurrency, availableParallelism()),
	};
}
