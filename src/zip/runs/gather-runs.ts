import type { Batches } from "../../async/batches.ts";
import type { Entry } from "../entry.ts";
import type { FinishedRun, ForeignRange } from "../spans.ts";
import { FileBatch } from "./file-batch.ts";
import type { GatheredRun, RunLimits } from "./gathered-run.ts";

export interface RunStart {
	/** `undefined` if no more runs are made. */
	readonly begin: () => GatheredRun | undefined;
	readonly limits: () => RunLimits;
}

type Gathered<Range extends ForeignRange> = Entry | GatheredRun | FinishedRun<Range>;

/**
 * Gathers entries for threads, in their order. Entries of which a run cannot begin, and runs that are finished, are passed on as they are. A run never waits for
 * entries that take their time to come.
 *
 * @param passed - Entries for threads that are passed on before the first run.
 */
export async function* gatherRuns<Range extends ForeignRange = never>(
	source: Batches<Entry | FinishedRun<Range>>,
	passed: number,
	{ begin, limits }: RunStart,
): AsyncGenerator<Iterable<Gathered<Range>>, void, void> {
	let run: GatheredRun | undefined;
	let passedCount = 0;
	function* gathered(batch: Iterable<Entry | FinishedRun<Range>>): Generator<Gathered<Range>, void, void> {
		if (batch instanceof FileBatch) {
			yield* ofFiles(batch);
			return;
		}
		for (const entry of batch) {
			if ("spans" in entry) {
				if (run !== undefined) yield* taken();
				yield entry;
				continue;
			}
			if (entry.threadFile !== undefined) run ??= beginning();
			if (run === undefined) yield entry;
			else run.add(entry);
			if (run?.isFull(limits())) yield* taken();
		}
	}
	function* ofFiles(batch: FileBatch): Generator<Gathered<Range>, void, void> {
		for (let index = 0; index < batch.names.length; ) {
			run ??= beginning();
			if (run === undefined) yield batch.entryAt(index++);
			else index = run.addFiles(batch, index, limits());
			if (run?.isFull(limits())) yield* taken();
		}
	}
	function beginning(): GatheredRun | undefined {
		passedCount += 1;
		return passedCount > passed ? begin() : undefined;
	}
	/** It is the consumer's from then on. */
	function* taken(): Generator<GatheredRun, void, void> {
		const full = run;
		run = undefined;
		if (full !== undefined) yield full;
	}
	const iterator = source[Symbol.asyncIterator]();
	let ended = false;
	/** For the source, also while a run is taken. */
	let waiting = false;
	try {
		for (;;) {
			waiting = true;
			const next = iterator.next();
			if (run !== undefined && !(await isThereAtOnce(next))) yield taken();
			const step = await next;
			waiting = false;
			if (step.done === true) break;
			yield gathered(step.value);
		}
		ended = true;
		if (run !== undefined) yield taken();
	} catch (error) {
		ended = true;
		throw error;
	} finally {
		run?.release();
		const returned = ended ? undefined : iterator.return?.();
		// A source that is busy may stay so for ever: it is told to stop, but not waited for.
		if (waiting) returned?.catch(() => {});
		else await returned;
	}
}

/** Whether something comes without any waiting for disks, clients or clocks. */
async function isThereAtOnce(coming: Promise<unknown>): Promise<boolean> {
	let immediate: NodeJS.Immediate | undefined;
	const later = new Promise<boolean>((resolve) => {
		immediate = setImmediate(resolve, false);
	});
	const there = coming.then(
		() => true,
		() => true, // tells its failure to whoever waits for it
	);
	const answer = await Promise.race([there, later]);
	clearImmediate(immediate);
	return answer;
}
