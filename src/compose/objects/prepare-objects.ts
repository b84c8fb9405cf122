import { anySignal } from "../../async/any-signal.ts";
import type { Batches } from "../../async/batches.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import { SourceError, StorageError } from "../../errors.ts";
import type {
	ChecksumOrigin,
	KnownCrc32,
	StoredContent,
} from "../../sources/objects/stored/stored-content.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { Entry } from "../../zip/entry.ts";
import type { FinishedRun } from "../../zip/spans.ts";
import { objectRun } from "./object-run.ts";

/** Content that the storage is to copy. */
export interface ChosenContent {
	readonly stored: StoredContent;
	/** Bytes at its end that are read and sent. */
	readonly endSize: number;
}

/** An entry of such content, when the storage was asked for its CRC-32. */
interface AskedEntry<Item extends Entry> extends ChosenContent {
	readonly entry: Item;
	readonly known: KnownCrc32 | undefined;
}

/** Copies of objects that are made for their CRC-32s alone; see {@link TrialCopies}. */
export interface CopyTrial {
	crc32Of(
		object: Pick<ObjectRange, "source" | "etag"> & { readonly size: number },
		signal: AbortSignal,
	): Promise<number | undefined>;
	close(): Promise<void>;
}

export interface PreparingOptions<Item extends Entry> {
	/** What is to be copied of an entry, if anything; asked for each in order, once. */
	readonly choose: (entry: Item) => ChosenContent | undefined;
	/** Bytes at the beginning of each object that are read and sent. */
	readonly startSize: number;
	/** Asked for what the storage does not keep, and closed in the end. */
	readonly trial?: CopyTrial | undefined;
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
export async function* prepareObjects<Item extends Entry>(
	entries: Batches<Item>,
	{ choose, startSize, trial, onPrepared, signal }: PreparingOptions<Item>,
): AsyncGenerator<Iterable<Item | FinishedRun<ObjectRange>>, void, void> {
	const ending = new AbortController();
	const { signal: stop, release } = anySignal(signal, ending.signal);
	const options = { signal: stop, onStop: () => ending.abort() };
	const ask = (entry: Item): Item | Promise<AskedEntry<Item> | Item> => {
		const chosen = choose(entry);
		if (chosen === undefined) return entry;
		const asking = async () => ({ entry, ...chosen, known: await askCrc32(chosen.stored, trial, stop) });
		return unlessRefused(asking(), entry);
	};
	const read = (item: AskedEntry<Item> | Item): Prepared<Item> | Promise<Prepared<Item>> => {
		if (!isAsked(item)) return item;
		const { entry, stored, endSize, known } = item;
		const reading = async () => {
			const start = await stored.readStart(startSize, known, stop);
			const end = await stored.readEnd(endSize, stop);
			onPrepared(start.checksumOrigin, stored.size - startSize - endSize);
			return objectRun(entry, stored, start, end);
		};
		return unlessRefused(reading(), entry);
	};
	try {
		const asked = mapInOrder(
			entries,
			ask,
			limitOf(ASKED_AT_ONCE, ({ size = 0 }) => size > startSize),
			options,
		);
		yield* mapInOrder(asked, read, limitOf(READ_AT_ONCE, isAsked<Item>), options);
	} finally {
		ending.abort();
		release();
		await trial?.close();
	}
}

async function askCrc32(
	stored: StoredContent,
	trial: CopyTrial | undefined,
	signal: AbortSignal,
): Promise<KnownCrc32 | undefined> {
	const kept = await stored.askCrc32(signal);
	if (kept !== undefined || trial === undefined) return kept;
	const { address: source, etag, size } = stored;
	const crc32 = await trial.crc32Of({ source, etag, size }, signal);
	return crc32 === undefined ? undefined : { crc32, origin: "copies" };
}

type Prepared<Item extends Entry> = Item | FinishedRun<ObjectRange>;

function limitOf<Item>(count: number, isObject: (item: Item) => boolean) {
	return { count: ENTRIES_AHEAD, weight: count, weigh: (item: Item) => (isObject(item) ? 1 : 0) };
}

function isAsked<Item extends Entry>(item: AskedEntry<Item> | Item): item is AskedEntry<Item> {
	return "known" in item;
}

/** What is wrong with this object is found out again when it is opened. */
async function unlessRefused<Result, Item extends Entry>(
	preparing: Promise<Result>,
	entry: Item,
): Promise<Result | Item> {
	try {
		return await preparing;
	} catch (error) {
		const isOfObject =
			error instanceof StorageError ? error.code === "STORAGE_REFUSED" : error instanceof SourceError;
		if (isOfObject) return entry;
		throw error;
	}
}
