import { combineCrc32 } from "../../../bytes/combine-crc32.ts";
import { crc32 } from "../../../bytes/crc32.ts";
import { MiB } from "../../../bytes/units.ts";
import { SourceError } from "../../../errors.ts";
import type { RangedContent } from "../../../sources/ranged-content.ts";
import type { CrcCache } from "../crc-cache.ts";
import { isSettled } from "../settled.ts";

/** What a cache remembers CRC-32s of. */
const PIECE_SIZE = MiB;

/** What is known of the CRC-32 of one content, and how to find out more. */
export class ContentCrc {
	readonly #content: RangedContent;
	readonly #cache: CrcCache;
	readonly #origin: string;
	readonly #pieceCount: number;
	/** A change that leaves no trace would make a lasting lie of what is remembered. */
	readonly #isLasting: boolean;
	/** Pieces that are needed here: a cache may forget. */
	readonly #pieces = new Map<number, number>();
	#whole: number | undefined;

	/** @param origin - Of the content, for messages. */
	constructor(content: RangedContent, cache: CrcCache, origin: string) {
		this.#content = content;
		this.#cache = cache;
		this.#origin = origin;
		this.#isLasting = isSettled(content);
		this.#pieceCount = Math.ceil(content.size / PIECE_SIZE);
	}

	/** That of the whole, if it can be told without reading anything. */
	get known(): number | undefined {
		if (this.#content.size === 0) return 0;
		this.#whole ??= this.#cache.get(this.#content.identity) ?? this.#combined();
		return this.#whole;
	}

	/**
	 * That of the whole. Reads what is not known of it.
	 *
	 * @throws {SourceError} `SOURCE_CHANGED`
	 */
	async find(signal: AbortSignal): Promise<number> {
		if (this.known !== undefined) return this.known;
		const stored = await this.#content.storedCrc32?.(signal);
		if (stored !== undefined) return this.#found(stored);
		for (let piece = 0; piece < this.#pieceCount; piece++) {
			if (this.#piece(piece) !== undefined) continue;
			let end = piece + 1;
			while (end < this.#pieceCount && this.#piece(end) === undefined) end++;
			for await (const _ of this.read(piece * PIECE_SIZE, this.#endOf(end - 1), signal));
		}
		return this.known ?? this.#failed("cannot be read as a whole");
	}

	/** The content is known to be these bytes, all of it. */
	learn(bytes: Uint8Array): void {
		if (bytes.byteLength > 0) this.#found(crc32(bytes));
	}

	/**
	 * Reads bytes of the content, up to `end`, which is not included. Begins up to 1 MiB earlier where that makes the CRC-32 of a
	 * piece known.
	 *
	 * @throws {SourceError} `SOURCE_CHANGED` if they are others than at an earlier time.
	 */
	async *read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
		if (start === end) return;
		const first = Math.floor(start / PIECE_SIZE);
		const isKnown = this.known !== undefined || this.#piece(first) !== undefined;
		let offset = isKnown ? start : first * PIECE_SIZE;
		let running: number | undefined;
		for await (const chunk of this.#content.read(offset, end, signal)) {
			const skipped = Math.max(0, start - offset);
			for (let taken = 0; taken < chunk.byteLength; ) {
				const piece = Math.floor(offset / PIECE_SIZE);
				if (offset === piece * PIECE_SIZE) running = 0;
				const part = chunk.subarray(taken, taken + this.#endOf(piece) - offset);
				if (part.byteLength === 0) break; // more than there is; the check below finds it
				taken += part.byteLength;
				offset += part.byteLength;
				if (running === undefined) continue;
				running = crc32(part, running);
				if (offset === this.#endOf(piece)) this.#learnPiece(piece, running);
			}
			if (skipped < chunk.byteLength) yield skipped === 0 ? chunk : chunk.subarray(skipped);
		}
		if (offset !== end) this.#failed("gave another number of bytes than it was asked for");
	}

	#learnPiece(piece: number, value: number): void {
		if (this.#pieceCount === 1) {
			this.#found(value);
			return;
		}
		const before = this.#piece(piece);
		this.#agree(before, value);
		this.#pieces.set(piece, value);
		if (before === undefined && this.#isLasting) this.#cache.set(this.#content.identity, value, piece);
		if (this.#pieces.size === this.#pieceCount) this.#found(this.#combined() ?? 0);
	}

	#found(value: number): number {
		const before = this.#whole ?? this.#cache.get(this.#content.identity);
		this.#agree(before, value);
		this.#whole = value;
		if (before === undefined && this.#isLasting) this.#cache.set(this.#content.identity, value);
		return value;
	}

	/** What contradicts itself is wrong now, or was before: nothing is known of it any more. */
	#agree(before: number | undefined, value: number): void {
		if (before === undefined || before === value) return;
		this.#cache.delete(this.#content.identity);
		this.#failed(
			"has other contents than when it was read before, although its times say that nothing was changed",
		);
	}

	#failed(problem: string): never {
		throw new SourceError("SOURCE_CHANGED", `${this.#origin} ${problem}`, { origin: this.#origin });
	}

	#piece(piece: number): number | undefined {
		if (this.#pieceCount === 1) return this.known;
		const own = this.#pieces.get(piece);
		if (own !== undefined) return own;
		const cached = this.#cache.get(this.#content.identity, piece);
		if (cached !== undefined) this.#pieces.set(piece, cached);
		return cached;
	}

	#combined(): number | undefined {
		if (this.#pieceCount === 1) return undefined;
		const pieces: { crc32: number; size: number }[] = [];
		for (let piece = 0; piece < this.#pieceCount; piece++) {
			const value = this.#piece(piece);
			if (value === undefined) return undefined;
			pieces.push({ crc32: value, size: this.#endOf(piece) - piece * PIECE_SIZE });
		}
		return combineCrc32(pieces);
	}

	/** Offset behind a piece. */
	#endOf(piece: number): number {
		return Math.min((piece + 1) * PIECE_SIZE, this.#content.size);
	}
}
