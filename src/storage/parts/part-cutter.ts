import type { PlaceAt } from "../../bytes/chunk-memory.ts";
import { type BodyPiece, isRange, type ObjectRange } from "./object-range.ts";

/** Bytes that are a part, at the start of a part buffer. */
export interface FilledPart {
	readonly buffer: Uint8Array;
	readonly size: number;
	/** Nothing is behind it. */
	readonly last: boolean;
}

export interface CutOptions {
	/**
	 * An empty buffer for a part, as large as that is to be.
	 *
	 * @param ahead - Parts before it that are not given out yet.
	 */
	readonly take: (ahead: number) => Promise<Uint8Array>;
	/**
	 * Fewest bytes of a part that has a range behind it; 0 if there are no ranges. Buffers are at least twice
	 * as large, and one more of them is in use.
	 */
	readonly minSize: number;
	/** The end counts as a range: what stands before it is at least `minSize` as well. */
	readonly moreFollows?: boolean | undefined;
	/** There if the last part has a smallest size too. Not together with ranges. */
	readonly last?: LastPartOptions | undefined;
}

/** How what is left behind the last full part is kept from being too small for a part of its own: it joins the one before. */
interface LastPartOptions {
	/** Fewest bytes of the last part, where there is more than one. One more buffer is in use. */
	readonly minSize: number;
	/** Memory for both of them together, of at least this size. */
	readonly join: (size: number) => Uint8Array;
	/** Takes back a buffer whose bytes have been joined. */
	readonly give: (buffer: Uint8Array) => void;
}

/**
 * Cuts a body into parts. Chunks are written straight into part buffers, once, or not even that if they
 * were made where they belong; ranges pass as they are.
 *
 * A full part is given out when it is certain that it is not the last, and, where a range may follow, that
 * what stands behind it will be large enough for a part: otherwise the two share their bytes.
 */
export class PartCutter {
	readonly #options: CutOptions;
	#buffer: Uint8Array | undefined;
	/** Bytes of the buffer that are there. */
	#used = 0;
	/** Offset of the buffer's start in the body. */
	#start = 0;
	/** The buffer after this one, where something is being made for it already. */
	#ahead: Promise<Uint8Array> | undefined;

	constructor(options: CutOptions) {
		this.#options = options;
	}

	/** The memory of a part where bytes of the body will stand that have not come yet; see {@link ChunkMemory.placeAt}. */
	readonly placeAt: PlaceAt = (offset, size) => {
		const buffer = this.#buffer;
		if (buffer === undefined || this.#options.minSize > 0) return undefined; // before ranges bytes may have to move
		const from = offset - this.#start;
		if (from < this.#used) return undefined; // what has come stays as it is
		const partSize = buffer.byteLength;
		if (from < partSize) return within(buffer, from, size);
		if (this.#ahead === undefined) {
			this.#ahead = this.#options.take(1);
			this.#ahead.catch(() => {}); // reported when its turn comes
		}
		return this.#ahead.then((next) => within(next, from - partSize, size));
	};

	/** The parts and ranges of a body; once. */
	async *cut(pieces: AsyncIterable<BodyPiece>): AsyncGenerator<FilledPart | ObjectRange, void, void> {
		const { minSize, moreFollows = false, last } = this.#options;
		const minNext = Math.max(minSize, last?.minSize ?? 0);
		let heldBack: Uint8Array | undefined;
		for await (const piece of pieces) {
			if (isRange(piece)) {
				if (this.#buffer !== undefined) yield* this.#shared(heldBack, this.#buffer, false);
				heldBack = undefined;
				this.#buffer = undefined;
				this.#start += piece.byteLength;
				yield piece;
				continue;
			}
			for (let taken = 0; taken < piece.byteLength; ) {
				if (this.#buffer !== undefined && this.#used === this.#buffer.byteLength) {
					if (minNext === 0) yield { buffer: this.#buffer, size: this.#used, last: false };
					else heldBack = this.#buffer;
					this.#start += this.#used;
					this.#buffer = undefined;
				}
				this.#buffer ??= await this.#next();
				taken += this.#put(piece.subarray(taken), this.#buffer);
				if (heldBack !== undefined && this.#used >= minNext) {
					yield { buffer: heldBack, size: heldBack.byteLength, last: false };
					heldBack = undefined;
				}
			}
		}
		if (moreFollows && this.#buffer !== undefined) {
			yield* this.#shared(heldBack, this.#buffer, true);
			return;
		}
		if (heldBack !== undefined && this.#buffer !== undefined && last !== undefined) {
			yield joined(heldBack, this.#buffer.subarray(0, this.#used), last);
			last.give(heldBack);
			last.give(this.#buffer);
			return;
		}
		if (heldBack !== undefined) yield { buffer: heldBack, size: heldBack.byteLength, last: false };
		if (this.#buffer !== undefined) yield { buffer: this.#buffer, size: this.#used, last: true };
	}

	/** What stands before a range, or an end that counts as one: it gets of the part before it what it lacks. */
	*#shared(
		heldBack: Uint8Array | undefined,
		buffer: Uint8Array,
		last: boolean,
	): Generator<FilledPart, void, void> {
		const { minSize } = this.#options;
		const lent = heldBack === undefined || this.#used >= minSize ? 0 : minSize - this.#used;
		if (heldBack !== undefined) {
			moveTail(heldBack, lent, buffer, this.#used);
			yield { buffer: heldBack, size: heldBack.byteLength - lent, last: false };
		}
		yield { buffer, size: this.#used + lent, last };
	}

	async #next(): Promise<Uint8Array> {
		const buffer = await (this.#ahead ?? this.#options.take(0));
		this.#ahead = undefined;
		this.#used = 0;
		return buffer;
	}

	/** @returns how many of the bytes fitted in */
	#put(bytes: Uint8Array, buffer: Uint8Array): number {
		const count = Math.min(bytes.byteLength, buffer.byteLength - this.#used);
		const isThere = bytes.buffer === buffer.buffer && bytes.byteOffset === buffer.byteOffset + this.#used;
		if (!isThere) buffer.set(bytes.subarray(0, count), this.#used);
		this.#used += count;
		return count;
	}
}

function joined(full: Uint8Array, rest: Uint8Array, { minSize, join }: LastPartOptions): FilledPart {
	const buffer = join(full.byteLength + minSize);
	buffer.set(full);
	buffer.set(rest, full.byteLength);
	return { buffer, size: full.byteLength + rest.byteLength, last: true };
}

/** As many of `size` bytes from `offset` on as the buffer has, if any. */
function within(buffer: Uint8Array, offset: number, size: number): Uint8Array | undefined {
	return offset < buffer.byteLength ? buffer.subarray(offset, offset + size) : undefined;
}

/** Moves the last bytes of a full buffer to the front of the next one. */
function moveTail(from: Uint8Array, count: number, to: Uint8Array, used: number): void {
	to.copyWithin(count, 0, used);
	to.set(from.subarray(from.byteLength - count), 0);
}
