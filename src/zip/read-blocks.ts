import { crc32 } from "node:zlib";
import { SourceError } from "../errors.ts";
import { untilAborted } from "../until-aborted.ts";
import type { PlaceAt } from "./archive.ts";
import type { BufferPool } from "./buffer-pool.ts";
import type { Entry, EntryReader } from "./entry.ts";
import { BLOCK_SIZE, MiB } from "./limits.ts";
import { mapInOrder } from "./map-in-order.ts";
import type { Runs } from "./runs.ts";

/** DEFLATE looks back 32 KiB; that much of one block primes the next. */
const WINDOW_SIZE = 32 * 1024;

/** What is read to its place is no block for DEFLATE; larger pieces cost fewer turns. */
const PLACED_SIZE = 4 * MiB;

const OPEN_AHEAD = { count: 16, weight: 8 * MiB };

/** An entry whose data has been opened, with what is known of it by then. */
export interface OpenEntry {
	readonly entry: Entry;
	readonly mtimeMs: number;
	readonly mode: number;
	/** Bytes of its data; `undefined` if only the end will tell. */
	readonly size: number | undefined;
	/**
	 * Offset of its data in the archive. Known once its header has been laid out, and only if the data follows as
	 * it is: blocks read from then on can be read to where they will be needed.
	 */
	storedAt?: number;
}

/** A run of an entry's data: the whole of it, or what one call to DEFLATE gets. */
export interface Block {
	readonly opened: OpenEntry;
	/** From 0. */
	readonly index: number;
	readonly bytes: Uint8Array;
	readonly last: boolean;
	/** CRC-32 of the entry up to and with this block. */
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

const NOTHING = new Uint8Array(0);

export interface ReadOptions {
	/**
	 * Decides about an entry that cannot be opened or read before any of it is in the archive: returns to
	 * leave it out, throws to end the archive.
	 */
	readonly onUnreadable: (entry: Entry, error: unknown) => void;
	readonly signal?: AbortSignal | undefined;
	/** Called when one entry has ended it all while others are being read; has to abort the signal. */
	readonly onStop?: (() => void) | undefined;
	/** Where blocks come from. */
	readonly pool: BufferPool;
	/** See {@link ChunkMemory.placeAt}. */
	readonly placeAt?: PlaceAt | undefined;
}

interface Destination {
	readonly placeAt: PlaceAt;
	/** See {@link OpenEntry.storedAt}. */
	readonly storedAt: number;
}

/**
 * Opens the entries in order and cuts them into blocks of {@link BLOCK_SIZE}. Borders depend on offsets
 * alone, which is what makes the archive the same whatever the timing. The next entries are opened and
 * their first blocks read while earlier ones are still on their way.
 */
export async function* readBlocks(
	entries: Runs<Entry>,
	{ onUnreadable, signal, onStop, pool, placeAt }: ReadOptions,
): AsyncGenerator<Iterable<Block>, void, void> {
	const take = (size: number) => pool.take(size);
	const prefetch = (entry: Entry): Prefetched | Promise<Prefetched | undefined> =>
		wholeEntry(entry, take) ?? open(entry);
	const open = async (entry: Entry): Promise<Prefetched | undefined> => {
		try {
			return await openEntry(entry, signal, pool);
		} catch (error) {
			signal?.throwIfAborted();
			onUnreadable(entry, error);
			return undefined;
		}
	};
	const limit = { ...OPEN_AHEAD, weigh: (entry: Entry) => Math.min(entry.size ?? BLOCK_SIZE, BLOCK_SIZE) };
	const opened = mapInOrder(entries, prefetch, limit, {
		signal,
		onStop,
		discard: async (unused) => unused?.rest?.abandon(),
	});
	let long: LongEntry | undefined;
	function* wholeEntries(run: Iterable<Prefetched | undefined>): Generator<Block, void, void> {
		for (const prefetched of run) {
			if (prefetched === undefined) continue;
			if (isLong(prefetched)) {
				long = prefetched;
				return;
			}
			yield onlyBlock(prefetched);
		}
	}
	try {
		for await (const run of opened) {
			yield wholeEntries(run);
			if (long === undefined) continue;
			const { rest } = long;
			const blocks = entryBlocks(long, rest, { signal, placeAt });
			long = undefined; // closes itself from its first block on
			for await (const block of blocks) yield [block];
		}
	} finally {
		await long?.rest.abandon();
	}
}

function isLong(prefetched: Prefetched): prefetched is LongEntry {
	return prefetched.rest !== undefined;
}

/** What there is of an entry without waiting for anything. */
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
	signal: AbortSignal | undefined,
	pool: BufferPool,
): Promise<Prefetched> {
	const source = await openUntilAborted(entry, signal);
	const reader = new BlockReader(entry, source, signal, pool);
	try {
		const opened = {
			entry,
			mtimeMs: source.mtimeMs ?? entry.mtimeMs,
			mode: source.mode ?? entry.mode,
			size: source.size,
		};
		const first = (await reader.next()) ?? NOTHING;
		if (!reader.ended) return { opened, first, rest: reader };
		await reader.close();
		return { opened, first, rest: undefined };
	} catch (error) {
		await reader.abandon();
		throw error;
	}
}

/** An opening that is given up may still succeed; what it opened is closed then. */
async function openUntilAborted(entry: Entry, signal: AbortSignal | undefined): Promise<EntryReader> {
	const opening = Promise.resolve(entry.open());
	try {
		return await untilAborted(opening, signal);
	} catch (error) {
		opening.then((late) => late.close()).catch(() => {});
		throw error;
	}
}

function onlyBlock({ opened, first }: Prefetched): Block {
	return { opened, index: 0, bytes: first, last: true, crc32: crc32(first), dictionary: undefined };
}

async function* entryBlocks(
	{ opened, first }: Prefetched,
	rest: BlockReader,
	{ signal, placeAt }: Pick<ReadOptions, "signal" | "placeAt">,
): AsyncGenerator<Block, void, void> {
	let crc = crc32(first);
	let last = false;
	let window: Uint8Array | undefined = windowOf(first);
	let finished = false;
	try {
		yield { opened, index: 0, bytes: first, last, crc32: crc, dictionary: undefined };
		for (let index = 1; !last; index++) {
			signal?.throwIfAborted();
			const { storedAt } = opened;
			const place = placeAt && storedAt !== undefined ? { placeAt, storedAt } : undefined;
			const bytes = (await rest.next(place)) ?? NOTHING;
			last = rest.ended;
			crc = crc32(bytes, crc);
			const dictionary = window;
			window = last || opened.storedAt !== undefined ? undefined : windowOf(bytes);
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

/** Cuts what a reader gives into full blocks and knows, with each block, whether it was the last. */
class BlockReader {
	readonly #entry: Entry;
	readonly #reader: EntryReader;
	readonly #signal: AbortSignal | undefined;
	readonly #pool: BufferPool;
	#delivered = 0;
	#closed = false;
	#reading = false;
	/** Read beyond the block before, to see whether that one was the last. Only without a known size. */
	#ahead: Uint8Array | undefined;
	ended = false;

	constructor(entry: Entry, reader: EntryReader, signal: AbortSignal | undefined, pool: BufferPool) {
		this.#entry = entry;
		this.#reader = reader;
		this.#signal = signal;
		this.#pool = pool;
	}

	/** @param destination - Where the entry's data will be needed, if that is known. */
	async next(destination?: Destination): Promise<Uint8Array | undefined> {
		const { size } = this.#reader;
		return size === undefined ? this.#nextOfUnknown() : this.#nextOfKnown(size, destination);
	}

	async #nextOfKnown(size: number, destination: Destination | undefined): Promise<Uint8Array> {
		const rest = size - this.#delivered;
		const place = destination?.placeAt(destination.storedAt + this.#delivered, Math.min(PLACED_SIZE, rest));
		const into = place instanceof Promise ? await untilAborted(place, this.#signal) : place;
		const wanted = into?.byteLength ?? Math.min(BLOCK_SIZE, rest);
		const bytes = await this.#read(wanted, into);
		this.#delivered += bytes.byteLength;
		if (bytes.byteLength < wanted) {
			const { origin } = this.#entry;
			throw new SourceError(
				"SOURCE_CHANGED",
				`${origin} ended after ${this.#delivered} of ${size} bytes: it got shorter while it was read, or its size was declared wrong`,
				{ origin },
			);
		}
		this.ended = this.#delivered === size;
		return bytes;
	}

	async #nextOfUnknown(): Promise<Uint8Array> {
		const bytes = this.#ahead ?? (await this.#read(BLOCK_SIZE));
		this.#ahead = bytes.byteLength === BLOCK_SIZE ? await this.#read(BLOCK_SIZE) : undefined;
		this.ended = this.#ahead === undefined || this.#ahead.byteLength === 0;
		return bytes;
	}

	async #read(wanted: number, place?: Uint8Array): Promise<Uint8Array> {
		if (wanted === 0) return NOTHING;
		const block = place ?? this.#pool.take(wanted);
		let filled = 0;
		while (filled < wanted) {
			const answer = this.#reader.read(filled === 0 ? block : block.subarray(filled));
			const count = typeof answer === "number" ? answer : await this.#answered(answer);
			if (count === 0) return this.#trimmed(block, filled);
			filled += count;
		}
		return block;
	}

	async #answered(answer: Promise<number>): Promise<number> {
		this.#reading = true;
		const done = answer.finally(() => {
			this.#reading = false;
		});
		return untilAborted(done, this.#signal);
	}

	/**
	 * Closes an entry that is not read to its end. A failure to do so is not worth hiding the reason. Nor is
	 * it waited for while a read is under way that was given up: a stream closes only after that.
	 */
	async abandon(): Promise<void> {
		const closed = this.close().catch(() => {});
		if (!this.#reading) await closed;
	}

	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		await this.#reader.close();
	}

	/** A nearly empty block would keep the memory of a full one. */
	#trimmed(block: Uint8Array, length: number): Uint8Array {
		const bytes = new Uint8Array(block.subarray(0, length));
		this.#pool.give(block);
		return bytes;
	}
}
