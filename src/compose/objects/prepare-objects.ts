import { anySignal } from "../../async/any-signal.ts";
import type { Batches } from "../../async/batches.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import { SourceError, StorageError } from "../../errors.ts";
import type { MeasurableEntry } from "../../sources/entry-source.ts";
import type {
	ChecksumOrigin,
	KnownCrc32,
	StoredContent,
} from "../../sources/objects/stored/stored-content.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { Entry } from "../../zip/entry.ts";
import type { FinishedRun } from "../../zip/spans.ts";
import { objectRun } from "./object-run.ts";

/** An entry whose content the storage is to copy. */
interface ChosenEntry {
	readonly entry: MeasurableEntry;
	readonly stored: StoredContent;
}

/** The same, when the storage was asked for its CRC-32. */
interface AskedEntry extends ChosenEntry {
	readonly known: KnownCrc32 | undefined;
}

export interface PreparingOptions {
	/** Whether an entry is to be copied; asked for each in order, once. */
	readonly choose: (entry: MeasurableEntry) => StoredContent | undefined;
	/** Bytes of each object that are read. */
	readonly startSize: number;
	/** Told of each object that is copied, and of the bytes that are. */
	readonly onPrepared: (origin: ChecksumOrigin, copiedSize: number) => void;
	readonly signal: AbortSignal | undefined;
}

/** Objects whose CRC-32 is asked for at once. */
const ASKED_AT_ONCE = 48;
/** Objects that are read at once: what is read stays in memory until it is sent. */
const READ_AT_ONCE = 4;
/** Of all entries, so that others are not passed on far ahead of their turn. */
const ENTRIES_AHEAD = 256;

/**
 * Makes runs of the entries whose content the storage is to copy, in their places. It asks for the CRC-32s of many ahead, and reads the
 * beginnings of a few.
 *
 * An object that is not as it was listed, or that may not be read, is passed on as an entry: opening it tells what is wrong, and whether
 * it is to be left out.
 */
export async function* prepareObjects(
	entries: Batches<MeasurableEntry>,
	{ choose, startSize, onPrepared, signal }: PreparingOptions,
): AsyncGenerator<Iterable<Entry | FinishedRun<ObjectRange>>, void, void> {
	const ending = new AbortController();
	const { signal: stop, release } = anySignal(signal, ending.signal);
	const options = { signal: stop, onStop: () => ending.abort() };
	const ask = (entry: MeasurableEntry): MeasurableEntry | Promise<AskedEntry | MeasurableEntry> => {
		const stored = choose(entry);
		if (stored === undefined) return entry;
		const asking = async () => ({ entry, stored, known: await stored.askCrc32(stop) });
		return unlessRefused(asking(), entry);
	};
	const read = (item: AskedEntry | MeasurableEntry): Prepared | Promise<Prepared> => {
		if (!isAsked(item)) return item;
		const { entry, stored, known } = item;
		const reading = async () => {
			const start = await stored.readStart(startSize, known, stop);
			onPrepared(start.checksumOrigin, stored.size - startSize);
			return objectRun(entry, stored, start);
		};
		return unlessRefused(reading(), entry);
	};
	try {
		const asked = mapInOrder(
			entries,
			ask,
			limitOf(ASKED_AT_ONCE, ({ stored }) => stored !== undefined),
			options,
		);
		yield* mapInOrder(asked, read, limitOf(READ_AT_ONCE, isAsked), options);
	} finally {
		ending.abort();
		release();
	}
}

type Prepared = MeasurableEntry | FinishedRun<ObjectRange>;

function limitOf<Item>(count: number, isObject: (item: Item) => boolean) {
	return { count: ENTRIES_AHEAD, weight: count, weigh: (item: Item) => (isObject(item) ? 1 : 0) };
}

function isAsked(item: AskedEntry | MeasurableEntry): item is AskedEntry {
	return "known" in item;
}

/** What is wrong with this object is found out again when it is opened. */
async function unlessRefused<Result>(
	preparing: Promise<Result>,
	entry: MeasurableEntry,
): Promise<Result | MeasurableEntry> {
	try {
		return await preparing;
	} catch (error) {
		const isOfObject =
			error instanceof StorageError ? error.code === "STORAGE_REFUSED" : error instanceof SourceError;
		if (isOfObject) return entry;
		throw error;
	}
}
