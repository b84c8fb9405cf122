import { KiB, MiB } from "../../bytes/units.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { byOffset } from "../../reader/directory/data-order.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { checkDataEnd } from "../../reader/entry-data.ts";
import { guessDataStart, readLocalHeader } from "../../reader/local-header.ts";
import { readRange } from "../../reader/ranged/ranged-source.ts";

/** Bytes that are read through, from one header to the next; the system reads ahead where it is read through, and keeps them for later. */
const GAP_SIZE = 64 * KiB;
/** Bytes that are read at once where headers are close to each other, and elsewhere. */
const LARGE_WINDOW = MiB;
const SMALL_WINDOW = 4 * KiB;
/** Entries that are looked at later, at most: some MiB. */
const MOST_ASIDE = 10_000;

/**
 * Looks at local headers, for archives whose bytes are near: what says something else than the directory is refused while nothing
 * has been written.
 */
export class HeaderCheck {
	readonly #reader: ArchiveReader;
	#start = 0;
	#bytes: Uint8Array = new Uint8Array();
	/** For windows, one after the other: new memory costs more than filling it. */
	#memory: Uint8Array | undefined;
	/** Where entries lie in another order than in the directory, those elsewhere wait, to be looked at in the order in which they lie. */
	#aside: EntryFacts[] = [];
	#rising = true;
	#lastOffset = 0;
	#failure: { readonly error: unknown } | undefined;

	constructor(reader: ArchiveReader) {
		this.#reader = reader;
	}

	/** Remembers what is wrong. Waits only if bytes have to be read. */
	check(entry: EntryFacts, signal: AbortSignal | undefined): Promise<void> | undefined {
		if (this.#failure !== undefined) return undefined;
		const { offset } = entry;
		if (offset < this.#lastOffset) this.#rising = false;
		if (!this.#rising && !this.#isNear(offset)) {
			this.#aside.push(entry);
			return this.#aside.length < MOST_ASIDE ? undefined : this.#checkAside(signal);
		}
		this.#lastOffset = offset;
		return this.#checkNow(entry, signal);
	}

	/**
	 * Looks at what was left for later.
	 *
	 * @throws {ArchiveError} for the first header that was found to be wrong.
	 */
	async finish(signal: AbortSignal | undefined): Promise<void> {
		await this.#checkAside(signal);
		if (this.#failure !== undefined) throw this.#failure.error;
	}

	async #checkAside(signal: AbortSignal | undefined): Promise<void> {
		const aside = this.#aside.sort(byOffset);
		this.#aside = [];
		for (const entry of aside) {
			const waiting = this.#failure === undefined ? this.#checkNow(entry, signal) : undefined;
			if (waiting !== undefined) await waiting;
		}
	}

	#checkNow(entry: EntryFacts, signal: AbortSignal | undefined): Promise<void> | undefined {
		const at = entry.offset - this.#start;
		const needed = at >= 0 && at < this.#bytes.byteLength ? this.#bytesNeeded(entry) : 0;
		return needed === undefined ? undefined : this.#readAndCheck(entry, needed, signal);
	}

	/** Whether it is where bytes are, or shortly behind them. */
	#isNear(offset: number): boolean {
		return offset >= this.#start && offset - this.#start - this.#bytes.byteLength <= GAP_SIZE;
	}

	async #readAndCheck(entry: EntryFacts, least: number, signal: AbortSignal | undefined): Promise<void> {
		const { source, end } = this.#reader;
		const { offset } = entry;
		for (let needed: number | undefined = least; needed !== undefined; needed = this.#bytesNeeded(entry)) {
			const gap = offset - this.#start - this.#bytes.byteLength;
			const isNear = this.#bytes.byteLength > 0 && gap >= -LARGE_WINDOW && gap <= GAP_SIZE;
			const size = Math.max(needed, isNear ? LARGE_WINDOW : SMALL_WINDOW, guessDataStart(entry) - offset);
			if (offset + needed > end.directoryStart) return; // it is refused when it is read
			const windowEnd = Math.min(offset + size, end.directoryStart);
			const fits = windowEnd - offset <= LARGE_WINDOW;
			if (fits) this.#memory ??= Buffer.allocUnsafeSlow(LARGE_WINDOW);
			this.#bytes = await readRange(source, offset, windowEnd, signal, fits ? this.#memory : undefined);
			this.#start = offset;
		}
	}

	/** How many bytes are needed to read its header; `undefined` if that has been looked at. */
	#bytesNeeded(entry: EntryFacts): number | undefined {
		const { source } = this.#reader;
		try {
			const header = readLocalHeader(source.location, entry, this.#bytes, entry.offset - this.#start);
			if ("needed" in header) return header.needed;
			checkDataEnd(this.#reader, entry, header.length);
		} catch (error) {
			this.#failure = { error };
		}
		return undefined;
	}
}
