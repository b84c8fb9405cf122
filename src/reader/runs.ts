import { anySignal } from "../async/any-signal.ts";
import type { Batches } from "../async/batches.ts";
import { mapInOrder } from "../async/map-in-order.ts";
import { KiB, MiB } from "../bytes/units.ts";
import { isDescriptorOf, LONGEST_DESCRIPTOR } from "./data-descriptor.ts";
import type { EntryFacts } from "./entry.ts";
import { type ArchiveBody, checkDataEnd, leastHeaderLength, readEntryData } from "./entry-data.ts";
import { guessDataStart, readLocalHeader } from "./local-header.ts";
import { readRange } from "./ranged/ranged-source.ts";

/** An entry whose data is there, or can be had. Compressed, as it is in the archive; local headers have been checked. */
export type FetchedEntry<Entry extends EntryFacts> =
	| {
			readonly entry: Entry;
			/** All its data. The memory is used again: whoever needs it when the next entry is asked for has to copy it. */
			readonly data: Uint8Array;
	  }
	| {
			readonly entry: Entry;
			/** Requests its data; for entries that are too large to be held in memory. */
			readonly stream: (signal?: AbortSignal | undefined) => AsyncGenerator<Uint8Array, void, void>;
	  };

/** An entry that can be kept: its data is a copy. */
export function keptEntry<Entry extends EntryFacts>(fetched: FetchedEntry<Entry>): FetchedEntry<Entry> {
	return "data" in fetched ? { ...fetched, data: new Uint8Array(fetched.data) } : fetched;
}

export interface RunOptions {
	/**
	 * Bytes that one request asks for at most.
	 *
	 * @defaultValue 4 MiB
	 */
	readonly runSize?: number | undefined;
	/**
	 * Bytes between two entries that are rather read than left to another request.
	 *
	 * @defaultValue 256 KiB
	 */
	readonly gapSize?: number | undefined;
	/**
	 * Requests under way, or waiting to be used, at once. `runSize` times as many bytes are held in memory, and once more for the
	 * run that is used.
	 *
	 * @defaultValue 4
	 */
	readonly concurrency?: number | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** Neighbouring entries, and the bytes of the archive that they are read with. */
export interface Run<Entry extends EntryFacts> {
	readonly entries: Entry[];
	readonly start: number;
	/** The byte behind the last one that is surely needed; then behind the last that is read. */
	end: number;
}

/** Entries of a run at most, so that one is not endless for empty files. */
const MOST_ENTRIES = 10_000;

/** Memory for what a run is expected to have behind the last byte that is surely needed. Seldom it has more. */
const ROOM_BEHIND = 4 * KiB;

/** What all runs are read with. */
interface Reading {
	readonly body: ArchiveBody;
	readonly runSize: number;
	/** Memory of runs that have been used. New memory for each would stay until V8 looks for it, which is not often. */
	readonly spare: Uint8Array[];
	/** Ends reading. */
	readonly signal: AbortSignal;
	/** That of the caller, for streams, which may be read later. */
	readonly streamSignal: AbortSignal | undefined;
}

/**
 * Reads entries with one request for neighbours, several requests at once, and yields them in their order, run by run.
 * Entries that lie behind each other in the archive should come behind each other; in any other order there are more requests.
 *
 * @throws {ArchiveError} `INVALID_ARCHIVE` if a local header contradicts the directory.
 */
export async function* readInRuns<Entry extends EntryFacts>(
	body: ArchiveBody,
	entries: Batches<Entry>,
	options: RunOptions = {},
): AsyncGenerator<Iterable<Iterable<FetchedEntry<Entry>>>, void, void> {
	const { runSize = 4 * MiB, gapSize = 256 * KiB, concurrency = 4 } = options;
	const ending = new AbortController();
	const { signal, release } = anySignal(options.signal, ending.signal);
	const reading: Reading = { body, runSize, spare: [], signal, streamSignal: options.signal };
	const limit = {
		count: concurrency,
		weight: concurrency * runSize,
		weigh: ({ start, end }: Run<Entry>) => Math.min(end - start, runSize),
	};
	try {
		yield* mapInOrder(cutIntoRuns(body, entries, runSize, gapSize), (run) => fetchRun(reading, run), limit, {
			signal,
			onStop: () => ending.abort(),
		});
	} finally {
		release();
	}
}

/** Groups neighbours. One entry that does not fit is a run by itself, and is not read ahead. */
export async function* cutIntoRuns<Entry extends EntryFacts>(
	{ end: { directoryStart } }: Pick<ArchiveBody, "end">,
	batches: Batches<Entry>,
	runSize: number,
	gapSize: number,
): Batches<Run<Entry>> & AsyncGenerator<Iterable<Run<Entry>>, void, void> {
	let run: Run<Entry> | undefined;
	for await (const batch of batches) {
		const full: Run<Entry>[] = [];
		for (const entry of batch) {
			const { offset } = entry;
			const surely = offset + leastHeaderLength(entry) + entry.compressedSize;
			const joins =
				run !== undefined &&
				offset >= run.end &&
				offset - run.end <= gapSize &&
				surely - run.start <= runSize &&
				run.entries.length < MOST_ENTRIES;
			if (run !== undefined && joins) {
				run.entries.push(entry);
				run.end = surely;
				continue;
			}
			if (run !== undefined) full.push(closed(run, offset, directoryStart));
			run = { entries: [entry], start: offset, end: surely };
		}
		if (full.length > 0) yield full;
	}
	if (run !== undefined) yield [closed(run, directoryStart, directoryStart)];
}

/** A run with its end where the next one begins, or where its last entry is expected to end. */
function closed<Entry extends EntryFacts>(run: Run<Entry>, next: number, directoryStart: number): Run<Entry> {
	const last = run.entries.at(-1);
	if (last === undefined) return run;
	const guessed = guessDataStart(last) + last.compressedSize;
	const border = next >= run.end ? Math.min(next, directoryStart) : directoryStart;
	return { ...run, end: Math.max(Math.min(guessed, border), Math.min(run.end, directoryStart)) };
}

async function fetchRun<Entry extends EntryFacts>(
	reading: Reading,
	run: Run<Entry>,
): Promise<Iterable<FetchedEntry<Entry>>> {
	const { body, runSize, spare, signal, streamSignal } = reading;
	const { entries, start, end } = run;
	const [first] = entries;
	if (first === undefined) return [];
	const stream =
		(entry: Entry) =>
		(own: AbortSignal | undefined = streamSignal) =>
			readEntryData(body, entry, own);
	if (isTooLarge(run, runSize)) return [{ entry: first, stream: stream(first) }];
	const room = Math.min(runSize + ROOM_BEHIND, body.end.directoryStart);
	const memory = end - start <= room ? (spare.pop() ?? Buffer.allocUnsafeSlow(room)) : undefined;
	const bytes = await readRange(body.source, start, end, signal, memory);
	const giveBack = () => void (memory && spare.push(memory));
	return fetchedEntries(body, run, bytes, stream, giveBack);
}

/** To be gone through while the run is there; each entry is looked at when its turn comes. */
function* fetchedEntries<Entry extends EntryFacts>(
	body: ArchiveBody,
	{ entries, start }: Run<Entry>,
	bytes: Uint8Array,
	stream: (entry: Entry) => (signal?: AbortSignal | undefined) => AsyncGenerator<Uint8Array, void, void>,
	giveBack: () => void,
): Generator<FetchedEntry<Entry>, void, void> {
	for (const entry of entries) {
		const data = dataInRun(body, entry, bytes, start);
		yield data === undefined ? { entry, stream: stream(entry) } : { entry, data };
	}
	giveBack();
}

/** Whether a run is one entry that does not fit into memory. */
export function isTooLarge({ entries, start, end }: Run<EntryFacts>, runSize: number): boolean {
	return entries.length === 1 && end - start > runSize;
}

/**
 * The data of an entry of a run; `undefined` if it is to be requested on its own: its header is longer than was guessed, at the end of
 * a run only; or it has to be refused.
 *
 * @param bytes - Of the archive, from `start` on.
 * @throws {ArchiveError} `INVALID_ARCHIVE` if its local header contradicts the directory.
 */
export function dataInRun(
	body: ArchiveBody,
	entry: EntryFacts,
	bytes: Uint8Array,
	start: number,
): Uint8Array | undefined {
	const at = entry.offset - start;
	const header = readLocalHeader(body.source.location, entry, bytes, at);
	if (!("length" in header)) return undefined;
	checkDataEnd(body, entry, header.length);
	const dataStart = at + header.length;
	const dataEnd = dataStart + entry.compressedSize;
	const behind = bytes.subarray(dataEnd, dataEnd + LONGEST_DESCRIPTOR);
	const described = !header.hasDescriptor || isDescriptorOf(entry, behind);
	return dataEnd <= bytes.byteLength && described ? bytes.subarray(dataStart, dataEnd) : undefined;
}
