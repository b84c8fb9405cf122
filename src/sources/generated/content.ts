import { Readable } from "node:stream";
import * as v from "valibot";
import { SourceError } from "../../errors.ts";
import type { Field } from "../../options/field.ts";
import { invalidOption } from "../../options/invalid-option.ts";
import type { EntryReader } from "../../zip/entry.ts";
import { callersStep, sourceFailure } from "./callers-code.ts";
import { refuseUsed, takeIterator } from "./read-once.ts";

type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * The data of a generated entry. Text is encoded as UTF-8. A function is called when the entry's turn
 * comes, with a signal that aborts when the archive ends early: the function should then stop waiting, and
 * may pass the signal on to whatever it opens. Streams and iterables are read once, when the entry's turn
 * comes, and closed if reading ends early.
 *
 * A stream or iterator can be read only once. One that was read before, is being read or was destroyed is
 * refused, as is one that is given twice. zipferry cannot see whether somebody has read from an iterator, such
 * as the object that a generator function returns: it refuses one that yields nothing, unless `size: 0` was
 * declared, and archives the rest of one that was read in part. Give the function itself: the iterator it
 * makes is new, and may be empty.
 */
export type Content =
	| string
	| Uint8Array
	| Readable
	| ReadableStream<Uint8Array>
	| Chunks
	| ((signal: AbortSignal) => Content | Promise<Content>);

const CONTENT = "text, bytes, a stream or iterable of them, or a function that gives one";

/** The check of content that goes without reading it. */
export function contentField(): Field<Content> {
	return v.custom<Content>(isContent, CONTENT);
}

function isContent(value: unknown): boolean {
	return typeof value === "string" || typeof value === "function" || isIterable(value);
}

function isIterable(value: unknown): boolean {
	return (
		typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
	);
}

/** Bytes of the content as far as they are known without reading it. */
export function contentSize(content: Content): number | undefined {
	if (typeof content === "string") return Buffer.byteLength(content, "utf8");
	return content instanceof Uint8Array ? content.byteLength : undefined;
}

/** Whether opening it twice gives the same bytes twice: a function usually makes its content anew. */
export function isRereadable(content: Content | undefined): boolean {
	return typeof content !== "object" || content instanceof Uint8Array;
}

/**
 * Refuses a stream or iterator that was read before, as far as it can be told without reading it.
 *
 * @throws {SourceError}
 */
export function refuseUsedContent(content: Content, origin: string): void {
	if (typeof content === "object" && !(content instanceof Uint8Array)) refuseUsed(content, origin);
}

/**
 * A stream that fails before its turn would bring the process down, as nobody listens yet. The failure
 * is not lost: reading the stream reports it.
 */
export function holdBackErrors(content: Content): void {
	if (content instanceof Readable && !content.listeners("error").includes(ignore))
		content.on("error", ignore);
}

function ignore(): void {}

/**
 * Opens content for reading.
 *
 * @param size - Bytes the caller declared; other content than that fails.
 * @param signal - See {@link Entry.open}.
 */
export async function openContent(
	content: Content,
	size: number | undefined,
	origin: string,
	signal: AbortSignal,
): Promise<EntryReader> {
	let value: Content = content;
	while (typeof value === "function") {
		const make = value;
		value = await callersStep(origin, () => make(signal));
	}
	holdBackErrors(value);
	if (typeof value === "string") value = Buffer.from(value, "utf8");
	const iterable = value;
	const iterator =
		iterable instanceof Uint8Array
			? [iterable][Symbol.iterator]()
			: await callersStep(origin, () => iteratorOf(iterable, origin));
	const stream = value instanceof Readable ? value : undefined;
	const reader = new ChunkReader(iterator, stream, size ?? contentSize(value), origin);
	// A stream that a function has just made may be empty. One that existed before may have been read before.
	if (iterator === (content as unknown) && size !== 0) reader.refuseNothing();
	try {
		if (reader.size === 0) await reader.expectEnd();
		return reader;
	} catch (error) {
		await reader.close();
		throw error;
	}
}

type ChunkIterator = Iterator<string | Uint8Array> | AsyncIterator<string | Uint8Array>;

function iteratorOf(value: Exclude<Content, string | Uint8Array>, origin: string): ChunkIterator {
	if (isIterable(value)) return takeIterator(value as Chunks, origin);
	throw invalidOption("content", CONTENT, value, ` of the entry ${origin}`);
}

/** Fills the buffers it is given from chunks of any length. */
class ChunkReader implements EntryReader {
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
		if (typeof value !== "string" && !(value instanceof Uint8Array)) {
			throw invalidOption("a chunk of the content", "text or bytes", value, ` of the entry ${this.#origin}`);
		}
		this.#chunk = typeof value === "string" ? Buffer.from(value, "utf8") : value;
		this.#taken = 0;
		return true;
	}

	async #step(): Promise<IteratorResult<string | Uint8Array>> {
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
