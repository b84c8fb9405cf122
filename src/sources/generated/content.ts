import { Readable } from "node:stream";
import * as v from "valibot";
import type { Field } from "../../options/field.ts";
import { invalidOption } from "../../options/invalid-option.ts";
import { isObject } from "../../options/kinds.ts";
import type { EntryReader } from "../../zip/entry.ts";
import { callersStep } from "./callers-code.ts";
import { type ContentChunk, chunkSize, isBytes, isChunk } from "./chunk.ts";
import { type ChunkIterator, ChunkReader } from "./chunk-reader.ts";
import { refuseUsed, takeIterator } from "./read-once.ts";

/**
 * The data of a generated entry. Text is encoded as UTF-8; a typed array, or any other view, gives the bytes it
 * shows. A function is called when the entry's turn comes, with a signal that aborts when the archive ends early:
 * the function should then stop waiting, and may pass the signal on to whatever it opens. A promise is awaited at
 * the entry's turn; a failure before that is kept until then. Streams and iterables, of text or bytes, are read
 * once, when the entry's turn comes, and closed if reading ends early. A `Blob` is streamed.
 *
 * A stream or iterator can be read only once. One that was read before, is being read or was destroyed is
 * refused, as is one that is given twice. zipferry cannot see whether somebody has read from an iterator, such
 * as the object that a generator function returns: it refuses one that yields nothing, unless `size: 0` was
 * declared, and archives the rest of one that was read in part. Give the function itself: the iterator it
 * makes is new, and may be empty.
 */
export type Content = ReadyContent | Promise<ReadyContent>;

/** {@link Content} that need not be awaited. */
export type ReadyContent =
	| ContentChunk
	| Blob
	| Readable
	| ReadableStream<Uint8Array>
	| Iterable<ContentChunk>
	| AsyncIterable<ContentChunk>
	| ((signal: AbortSignal) => Content | Promise<Content>);

const CONTENT =
	"text, bytes, a Blob, a stream or iterable of text or bytes, or a function or promise that gives one of these";

/** The check of content that goes without reading it. */
export function contentField(): Field<Content> {
	return v.custom<Content>(isContent, CONTENT);
}

function isContent(value: unknown): boolean {
	if (typeof value === "string" || typeof value === "function") return true;
	return isBytes(value) || value instanceof Blob || isIterable(value) || isPromise(value);
}

function isIterable(value: unknown): value is Iterable<ContentChunk> | AsyncIterable<ContentChunk> {
	return isObject(value) && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** What can be iterated is, even if it can be awaited as well. */
function isPromise(value: unknown): value is Promise<ReadyContent> {
	return isObject(value) && typeof value["then"] === "function" && !isIterable(value);
}

/** Bytes of the content as far as they are known without reading it. */
export function contentSize(content: Content): number | undefined {
	if (content instanceof Blob) return content.size;
	return isChunk(content) ? chunkSize(content) : undefined;
}

/** Whether opening it twice gives the same bytes twice: a function usually makes its content anew. */
export function isRereadable(content: Content | undefined): boolean {
	return typeof content !== "object" || isBytes(content) || content instanceof Blob;
}

/**
 * Refuses a stream or iterator that was read before, as far as it can be told without reading it.
 *
 * @throws {SourceError}
 */
export function refuseUsedContent(content: Content, origin: string): void {
	if (!isRereadable(content)) refuseUsed(content as object, origin);
}

/**
 * A stream or promise that fails before its turn would bring the process down, as nobody listens yet. The
 * failure is not lost: reading reports it.
 */
export function holdBackErrors(content: Content): void {
	if (isPromise(content)) content.then(undefined, ignore);
	else if (content instanceof Readable && !content.listeners("error").includes(ignore))
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
	const { value, isNew } = await readyContent(content, origin, signal);
	holdBackErrors(value);
	const iterator = await callersStep(origin, () => iteratorOf(value, origin));
	const stream = value instanceof Readable ? value : undefined;
	const reader = new ChunkReader(iterator, stream, size ?? contentSize(value), origin);
	// A stream that a function has just made may be empty. One that existed before may have been read before.
	if (!isNew && iterator === (value as unknown) && size !== 0) reader.refuseNothing();
	try {
		if (reader.size === 0) await reader.expectEnd();
		return reader;
	} catch (error) {
		await reader.close();
		throw error;
	}
}

/** What functions return and promises hold. */
async function readyContent(
	content: Content,
	origin: string,
	signal: AbortSignal,
): Promise<{ readonly value: ReadyContent /** Whether a function has made it. */; readonly isNew: boolean }> {
	let value = content;
	let isNew = false;
	for (;;) {
		const step = value;
		if (typeof step === "function") {
			isNew = true;
			value = await callersStep(origin, () => step(signal));
		} else if (isPromise(step)) value = await callersStep(origin, () => step);
		else return { value: step, isNew };
	}
}

function iteratorOf(value: ReadyContent, origin: string): ChunkIterator {
	if (isChunk(value)) return [value][Symbol.iterator]();
	if (value instanceof Blob) return value.stream()[Symbol.asyncIterator]();
	if (isIterable(value)) return takeIterator(value, origin);
	throw invalidOption("content", CONTENT, value, ` of the entry ${origin}`);
}
