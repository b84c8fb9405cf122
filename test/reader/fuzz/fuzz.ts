import { setTimeout as delay } from "node:timers/promises";
import { MiB } from "../../../src/bytes/units.ts";
import { ZipferryError } from "../../../src/errors.ts";
import { seededRandom } from "../../faults/proxy/random.ts";
import { Allocations } from "./allocations.ts";
import { goodArchives } from "./good-archives.ts";
import { mutated } from "./mutate.ts";
import { readWhole } from "./read-whole.ts";
import { Watchdog } from "./watchdog.ts";

/** Milliseconds for one archive; on a machine that is busy. */
const DEADLINE_MS = 60_000;
/** Beyond the archive's own size: chunks of files, of zlib. */
const MOST_BYTES = 2 * MiB;

export interface FuzzOptions {
	/** The first archive; each has its number as the seed. */
	readonly first: number;
	readonly count: number;
	/** Does something else with each as well, and resolves to what is wrong. */
	readonly also?: (bytes: Buffer) => Promise<string | undefined>;
}

export interface FuzzResult {
	/** How often reading ended with what. */
	readonly outcomes: ReadonlyMap<string, number>;
	/** What must not happen, with the number of the archive. */
	readonly findings: readonly string[];
}

/** One archive, by its number. */
export function fuzzedArchive(archives: readonly Buffer[], number: number): Buffer {
	const random = seededRandom(number);
	const some = () => archives[Math.floor(random() * archives.length)] ?? Buffer.alloc(0);
	return mutated(some(), some(), random);
}

/** Reads archives that are changed at random, by their numbers. */
export async function fuzz({ first, count, also }: FuzzOptions): Promise<FuzzResult> {
	const archives = await goodArchives();
	const outcomes = new Map<string, number>();
	const findings: string[] = [];
	const watchdog = new Watchdog();
	const allocations = new Allocations();
	try {
		for (let number = first; number < first + count; number += 1) {
			watchdog.beat(number);
			const bytes = fuzzedArchive(archives, number);
			allocations.take();
			const outcome = await inTime(outcomeOf(bytes));
			outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
			if (outcome.startsWith("!")) findings.push(`archive ${number}: ${outcome}`);
			const wrong = also === undefined ? undefined : await inTime(also(bytes));
			if (wrong !== undefined) findings.push(`archive ${number}: ${wrong}`);
			const allocated = allocations.take();
			if (allocated > bytes.byteLength + MOST_BYTES)
				findings.push(`archive ${number}: of ${bytes.byteLength} bytes, and allocates ${allocated}`);
		}
	} finally {
		allocations.end();
		await watchdog.end();
	}
	return { outcomes, findings };
}

/** What reading ends with; with a mark at its beginning if that must not be. */
async function outcomeOf(bytes: Buffer): Promise<string> {
	try {
		return await readWhole(bytes);
	} catch (error) {
		return error instanceof ZipferryError ? error.code : `! ${error instanceof Error ? error.stack : error}`;
	}
}

async function inTime<Value>(work: Promise<Value>): Promise<Value | string> {
	const timeout = new AbortController();
	const late = delay(DEADLINE_MS, "! it hangs", { signal: timeout.signal }).catch(() => "! it hangs");
	try {
		return await Promise.race([work, late]);
	} finally {
		timeout.abort();
	}
}
