import { abortable } from "../../async/abortable.ts";
import type { BufferPool } from "../../bytes/buffer-pool.ts";
import type { PlaceAt } from "../../bytes/chunk-memory.ts";
import { MiB } from "../../bytes/units.ts";
import { SourceError } from "../../errors.ts";
import type { Entry, EntryReader } from "../entry.ts";
import { BLOCK_SIZE } from "../format/limits.ts";

/** Data that is read to its place is no block for DEFLATE; larger pieces cost fewer turns. */
const PLACED_SIZE = 4 * MiB;

const NOTHING = new Uint8Array(0);

export interface BlockReaderOptions {
	readonly signal?: AbortSignal | undefined;
	/** The source of blocks. */
	readonly pool: BufferPool;
	/** See {@link ChunkMemory.placeAt}. */
	readonly placeAt?: PlaceAt | undefined;
	/** See {@link ChunkMemory.busy}. */
	readonly busy?: boolean | undefined;
}

/** Cuts what a reader gives into full blocks and knows, with each block, whether it was the last. */
export class BlockReader {
	readonly #entry: Entry;
	readonly #reader: EntryReader;
	readonly #options: BlockReaderOptions;
	#delivered = 0;
	#closed = false;
	#reading = false;
	/** Read beyond the block before, to see whether that one was the last. Only without a known size. */
	#ahead: Uint8Array | undefined;
	ended = false;

	constructor(entry: Entry, reader: EntryReader, options: BlockReaderOptions) {
		this.#entry = entry;
		this.#reader = reader;
		this.#options = options;
	}

	/**
	 * The next block; without bytes if there are none.
	 *
	 * @param storedAt - See {@link OpenEntry.storedAt}.
	 */
	async next(storedAt?: number): Promise<Uint8Array> {
		const { size } = this.#reader;
		return size === undefined ? this.#nextOfUnknown() : this.#nextOfKnown(size, storedAt);
	}

	async #nextOfKnown(size: number, storedAt: number | undefined): Promise<Uint8Array> {
		const { placeAt, signal } = this.#options;
		const rest = size - this.#delivered;
		const offset = storedAt === undefined ? undefined : storedAt + this.#delivered;
		const place = offset === undefined ? undefined : placeAt?.(offset, Math.min(PLACED_SIZE, rest));
		const into = place instanceof Promise ? await abortable(place, signal) : place;
		const wanted = into?.byteLength ?? Math.min(BLOCK_SIZE, rest);
		const bytes = await this.#read(wanted, into);
		this.#delivered += bytes.byteLength;
		if (bytes.byteLength < wanted && (await this.#reader.isComplete?.()) !== true) {
			const { origin } = this.#entry;
			throw new SourceError(
				"SOURCE_CHANGED",
				`${origin} ended after ${this.#delivered} of ${size} bytes: it got shorter while it was read, or its size was declared wrong`,
				{ origin },
			);
		}
		this.ended = this.#delivered === size || bytes.byteLength < wanted;
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
		const block = place ?? this.#options.pool.take(wanted);
		const busy = place !== undefined && this.#options.busy === true;
		let filled = 0;
		while (filled < wanted) {
			const answer = this.#reader.read(filled === 0 ? block : block.subarray(filled), busy);
			const count = typeof answer === "number" ? answer : await this.#answered(answer);
			if (count === 0) return this.#trimmed(block, filled, place !== undefined);
			filled += count;
		}
		return block;
	}

	async #answered(answer: Promise<number>): Promise<number> {
		this.#reading = true;
		const done = answer.finally(() => {
			this.#reading = false;
		});
		return abortable(done, this.#options.signal);
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

	/** A nearly empty block would keep the memory of a full one; what has a place stays there. */
	#trimmed(block: Uint8Array, length: number, isPlaced: boolean): Uint8Array {
		if (isPlaced) return block.subarray(0, length);
		const bytes = new Uint8Array(block.subarray(0, length));
		this.#options.pool.give(block);
		return bytes;
	}
}
