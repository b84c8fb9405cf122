import type { Readable } from "node:stream";
import { SourceError } from "../../errors.ts";
import { invalidOption } from "../../options/invalid-option.ts";
import type { EntryReader } from "../../zip/entry.ts";
import { sourceFailure } from "./callers-code.ts";
import { bytesOf, type ContentChunk, isChunk } from "./chunk.ts";

export type ChunkIterator = Iterator<ContentChunk> | AsyncIterator<ContentChunk>;

/** Fills the buffers it is given from chunks of any length. */
export class ChunkReader implements EntryReader {
	readonly #iterator: ChunkIterator;
	readonly #stream: Readable | undefined;
	readonly #origin: string;
	readonly size: number | undefined;
	#chunk: Uint8Array = new Uint8Array(0);
	#taken = 0;
	#delivered = 0;
	#done = false;
	/** It has given a chunk, or need not give any. */
	#gave = true;

	constructor(
		iterator: ChunkIterator,
		stream: Readable | undefined,
		size: number | undefined,
		origin: string,
	) {
		this.#iterator = iterator;
		this.#stream = stream;
		this.size = size;
		this.#origin = origin;
	}

	/** Takes an end before the first chunk for the sign that it was read before. */
	refuseNothing(): void {
		this.#gave = false;
	}

	async read(into: Uint8Array): Promise<number> {
		const wanted = Math.min(into.byteLength, (this.size ?? Number.POSITIVE_INFINITY) - this.#delivered);
		let filled = 0;
		while (filled < wanted) {
			if (this.#taken === this.#chunk.byteLength && !(await this.#nextChunk())) break;
			const count = Math.min(wanted - filled, this.#chunk.byteLength - this.#taken);
			into.set(this.#chunk.subarray(this.#taken, this.#taken + count), filled);
			this.#taken += count;
			filled += count;
		}
		this.#delivered += filled;
		// Nobody asks beyond the declared size; only here can too much be noticed.
		if (this.#delivered === this.size) await this.expectEnd();
		return filled;
	}

	async close(): Promise<void> {
		if (this.#done) return;
		this.#done = true;
		// The iterator would wait for a chunk that is under way, and may never come, before it lets go.
		if (this.#stream !== undefined) this.#stream.destroy();
		else await this.#iterator.return?.();
	}

	async #nextChunk(): Promise<boolean> {
		if (this.#done) return false;
		const step = await this.#step();
		if (step.done) {
			this.#done = true;
			if (!this.#gave) throw this.#nothing();
			return false;
		}
		this.#gave = true;
		const { value } = step;
		if (!isChunk(value))
			throw invalidOption("a chunk of the content", "text or bytes", value, ` of the entry ${this.#origin}`);
		this.#chunk = bytesOf(value);
		this.#taken = 0;
		return true;
	}

	async #step(): Promise<IteratorResult<ContentChunk>> {
		try {
			return await this.#iterator.next();
		} catch (thrown) {
			throw sourceFailure(this.#origin, thrown);
		}
	}

	#nothing(): SourceError {
		const message = `${this.#origin} is an iterator that yields nothing: it was read before, or it is empty; give the function that makes it, whose data may be empty`;
		return new SourceError("SOURCE_UNREADABLE", message, { origin: this.#origin });
	}

	/** Fails unless everything was delivered. */
	async expectEnd(): Promise<void> {
		while (this.#taken === this.#chunk.byteLength) {
			if (!(await this.#nextChunk())) return;
		}
		throw new SourceError(
			"SOURCE_CHANGED",
			`${this.#origin} gave more than the ${this.size} bytes declared for it`,
			{ origin: this.#origin },
		);
	}
}
