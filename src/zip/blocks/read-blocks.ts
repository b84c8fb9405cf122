import { abortable } from "../../async/abortable.ts";
import type { Batches } from "../../async/batches.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import { crc32 } from "../../bytes/crc32.ts";
import { KiB } from "../../bytes/units.ts";
import { copiedData } from "../copied-data.ts";
import type { Entry, EntryReader, MethodChoice, RawData } from "../entry.ts";
import { BLOCK_SIZE } from "../format/limits.ts";
import { type FinishedRun, type ForeignRange, heldSizeOf } from "../spans.ts";
import { BlockReader, type BlockReaderOptions } from "./block-reader.ts";

/** DEFLATE looks back 32 KiB; that much of one block primes the next. */
const WINDOW_SIZE = 32 * KiB;

/** An entry whose data has been opened, with what is known of it by then. */
export interface OpenEntry {
	readonly entry: Entry;
	readonly mtimeMs: number;
	readonly mode: number;
	/** Bytes that are read for it; `undefined` if only the end will tell. */
	readonly size: number | undefined;
	/** There if its data is copied as another archive has it: then that is what its blocks hold. */
	readonly raw?: RawData | undefined;
	/**
	 * Offset of its data in the archive. Known once its header has been laid out, and only if the data follows as
	 * it is: blocks read from then on can be read to where they will be needed.
	 */
	storedAt?: number;
}

/** A piece of an entry's data: the whole of it, or what one call to DEFLATE gets. */
export interface Block {
	readonly opened: OpenEntry;
	/** From 0. */
	readonly index: number;
	readonly bytes: Uint8Array;
	readonly last: boolean;
	/** CRC-32 of the entry up to and with this block; that of all its uncompressed bytes if they are copied as another archive has them. */
	readonly crc32: number;
	/** The end of the block before, for DEFLATE to refer to. */
	readonly dictionary: Uint8Array | undefined;
}

/** An entry read as far as its first block. */
interface Prefetched {
	readonly opened: OpenEntry;
	readonly first: Uint8Array;
	/** Still open because there may be more. */
	readonly rest: BlockReader | undefined;
}

/** One of which there is more to read. */
type LongEntry = Prefetched & { readonly rest: BlockReader };

/** One that is not opened before its turn. */
interface WaitingEntry {
	readonly waiting: Entry;
}

/** What there is of an entry before its turn. Runs are passed on as they are. */
type Ahead<Run> = Prefetched | WaitingEntry | Run;

const NOTHING = new Uint8Array(0);

/** How much is opened and read while entries before it are still on their way. */
export interface LookAhead {
	/** Entries, at least 1. */
	readonly count: number;
	/** Bytes of their first blocks; an entry whose size is not known counts as a full block. */
	readonly size: number;
}

export interface ReadOptions extends BlockReaderOptions {
	readonly lookAhead: LookAhead;
	/**
	 * Of the archive: decides what is copied as another archive has it.
	 *
	 * @defaultValue `"auto"`
	 */
	readonly method?: MethodChoice | undefined;
	/** Ends reading, and what opening waits for. */
	readonly signal: AbortSignal;
	/**
	 * Decides about an entry that cannot be opened or read before any of it is in the archive: returns to
	 * leave it out, throws to end the archive.
	 */
	readonly onUnreadable: (entry: Entry, error: unknown) => void;
	/** Called when one entry has ended it all while others are being read; has to abort the signal. */
	readonly onStop?: (() => void) | undefined;
}

/**
 * Opens the entries in order and cuts them into blocks of {@link BLOCK_SIZE}. Borders depend on offsets
 * alone, which is what makes the archive the same whatever the timing. The next entries are opened and
 * their first blocks read while earlier ones are still on their way.
 */
export async function* readBlocks<Run extends FinishedRun<ForeignRange> = never>(
	entries: Batches<Entry | Run>,
	{ onUnreadable, lookAhead, method = "auto", signal, onStop, pool, placeAt, busy }: ReadOptions,
): AsyncGenerator<Iterable<Block | Run>, void, void> {
	const take = (size: number) => pool.take(size);
	const prefetch = (item: Entry | Run): Ahead<Run> | Promise<Ahead<Run> | undefined> => {
		if ("spans" in item) return item;
		return item.inTurn === true ? { waiting: item } : (wholeEntry(item, take) ?? open(item));
	};
	const open = async (entry: Entry): Promise<Prefetched | undefined> => {
		try {
			return await openEntry(entry, copiedData(entry, method), { signal, pool, placeAt, busy });
		} catch (error) {
			signal.throwIfAborted();
			onUnreadable(entry, error);
			return undefined;
		}
	};
	const limit = {
		count: lookAhead.count,
		weight: lookAhead.size,
		weigh: (item: Entry | Run) =>
			"spans" in item ? heldSizeOf(item) : Math.min(item.size ?? BLOCK_SIZE, BLOCK_SIZE),
	};
	const opened = mapInOrder(entries, prefetch, limit, {
		signal,
		onStop,
		discard: async (unused) => {
			if (unused !== undefined && "rest" in unused) await unused.rest?.abandon();
		},
	});
	let held: Prefetched | WaitingEntry | undefined;
	function* wholeEntries(batch: Iterable<Ahead<Run> | undefined>): Generator<Block | Run, void, void> {
		for (const prefetched of batch) {
			if (prefetched === undefined) continue;
			if ("spans" in prefetched) yield prefetched;
			else if (isWaiting(prefetched) || isLong(prefetched)) {
				held = prefetched;
				return;
			} else yield onlyBlock(prefetched);
		}
	}
	try {
		for await (const batch of opened) {
			yield wholeEntries(batch);
			if (held !== undefined && isWaiting(held)) held = await open(held.waiting);
			if (held === undefined) continue;
			const blocks = isLong(held) ? entryBlocks(held, held.rest, signal) : [onlyBlock(held)];
			held = undefined; // closes itself from its first block on
			for await (const block of blocks) yield [block];
		}
	} finally {
		if (held !== undefined && !isWaiting(held)) await held.rest?.abandon();
	}
}

function isWaiting(held: Prefetched | WaitingEntry): held is WaitingEntry {
	return "waiting" in held;
}

function isLong(prefetched: Prefetched): prefetched is LongEntry {
	return prefetched.rest !== undefined;
}

/** The blocks of an entry that exist without waiting for anything. */
function wholeEntry(entry: Entry, take: (size: number) => Uint8Array): Prefetched | undefined {
	const { mtimeMs, mode } = entry;
	if (entry.kind === "directory")
		return { opened: { entry, mtimeMs, mode, size: 0 }, first: NOTHING, rest: undefined };
	const whole = entry.readAtOnce?.(take);
	if (whole === undefined) return undefined;
	const { bytes } = whole;
	const opened = {
		entry,
		mtimeMs: whole.mtimeMs ?? mtimeMs,
		mode: whole.mode ?? mode,
		size: bytes.byteLength,
	};
	return { opened, first: bytes, rest: undefined };
}

async function openEntry(
	entry: Entry,
	raw: RawData | undefined,
	options: BlockReaderOptions & { readonly signal: AbortSignal },
): Promise<Prefetched> {
	const source = await openUntilAborted(raw ?? entry, options.signal);
	const reader = new BlockReader(entry, source, options);
	try {
		const opened = {
			entry,
			mtimeMs: source.mtimeMs ?? entry.mtimeMs,
			mode: source.mode ?? entry.mode,
			size: source.size,
			raw,
		};
		const first = await reader.next();
		if (!reader.ended) return { opened, first, rest: reader };
		await reader.close();
		return { opened, first, rest: undefined };
	} catch (error) {
		await reader.abandon();
		throw error;
	}
}

/** An opening that is given up may still succeed; what it opened is closed then. */
async function openUntilAborted(entry: Pick<Entry, "open">, signal: AbortSignal): Promise<EntryReader> {
	const opening = Promise.resolve(entry.open(signal));
	try {
		return await abortable(opening, signal);
	} catch (error) {
		opening.then((late) => late.close()).catch(() => {});
		throw error;
	}
}

function onlyBlock({ opened, first }: Prefetched): Block {
	const crc = opened.raw?.crc32 ?? crc32(first);
	return { opened, index: 0, bytes: first, last: true, crc32: crc, dictionary: undefined };
}

async function* entryBlocks(
	{ opened, first }: Prefetched,
	rest: BlockReader,
	signal: AbortSignal,
): AsyncGenerator<Block, void, void> {
	const { raw } = opened;
	let crc = raw?.crc32 ?? crc32(first);
	let last = false;
	let window: Uint8Array | undefined = raw === undefined ? windowOf(first) : undefined;
	let finished = false;
	try {
		yield { opened, index: 0, bytes: first, last, crc32: crc, dictionary: undefined };
		for (let index = 1; !last; index++) {
			signal.throwIfAborted();
			const bytes = await rest.next(opened.storedAt);
			last = rest.ended;
			if (raw === undefined) crc = crc32(bytes, crc);
			const dictionary = window;
			const isNeeded = !last && raw === undefined && opened.storedAt === undefined;
			window = isNeeded ? windowOf(bytes) : undefined;
			yield { opened, index, bytes, last, crc32: crc, dictionary };
		}
		finished = true;
	} finally {
		await (finished ? rest.close() : rest.abandon());
	}
}

/** A copy, made before the block is handed on: its memory may be used again as soon as it is. */
function windowOf(bytes: Uint8Array): Uint8Array {
	return new Uint8Array(bytes.subarray(Math.max(0, bytes.byteLength - WINDOW_SIZE)));
}
