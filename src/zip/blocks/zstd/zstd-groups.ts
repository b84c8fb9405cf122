import { availableParallelism } from "node:os";
import { MiB } from "../../../bytes/units.ts";

/**
 * How the content of a long frame goes to the encoder. With threads of its own, it cuts each group into jobs, each of which refers back
 * to the end of the one before. Borders depend on offsets alone, so the frame is the same whatever the number of threads.
 *
 * Sizes, and whether there are threads, are part of the archive's bytes: changing them changes every archive of larger entries.
 */
export interface ZstdGroups {
	/** Bytes that go to the encoder at once. Nothing interrupts it before it is through with them. */
	readonly size: number;
	/** `undefined` if it works in the thread that calls it alone. */
	readonly jobs?: { readonly size: number; readonly threadCount: number };
}

const JOB_SIZE = 2 * MiB;
const JOBS_OF_GROUP = 4;

/** From this level on, the tables of each thread take some 50 MiB. */
const LEVEL_OF_LARGE_TABLES = 12;
const FEW_THREADS = 2;

/**
 * From this level on, what a job refers back to takes nearly as long as the job, or is longer: 8 MiB on level 19.
 */
const LEVEL_WITHOUT_JOBS = 13;
/** On level 19, a core of 2020 takes most of a second for it. */
const SLOW_GROUP_SIZE: number = MiB;

export function zstdGroups(level: number): ZstdGroups {
	if (level >= LEVEL_WITHOUT_JOBS) return { size: SLOW_GROUP_SIZE };
	const most = level < LEVEL_OF_LARGE_TABLES ? JOBS_OF_GROUP : FEW_THREADS;
	const threadCount = Math.min(most, availableParallelism());
	return { size: JOBS_OF_GROUP * JOB_SIZE, jobs: { size: JOB_SIZE, threadCount } };
}
