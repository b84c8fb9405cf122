import { Readable } from "node:stream";
import { SourceError } from "../../errors.ts";

/** Streams and iterators whose reading has started: they have nothing to give a second time. */
const taken = new WeakSet<object>();

/** The state that streams show: those of Node, of the Web, and of packages that came before both. */
interface StreamState {
	readonly pipe?: unknown;
	readonly getReader?: unknown;
	readonly locked?: boolean;
	readonly errored?: Error | null;
	readonly destroyed?: boolean;
	readonly readableDidRead?: boolean;
	readonly readableEnded?: boolean;
}

/**
 * The iterator of something that is about to be read. Iterables that make a new one each time can be read as
 * often as one likes; streams and iterators are read once, and would look empty, or shorter, afterwards.
 *
 * @param what - Names it in messages.
 * @throws {SourceError} if it was read before, in whole or in part, as far as that can be told.
 */
export function takeIterator<Item>(
	value: Iterable<Item> | AsyncIterable<Item>,
	what: string,
): Iterator<Item> | AsyncIterator<Item> {
	refuseUsed(value, what);
	const iterator = Symbol.asyncIterator in value ? value[Symbol.asyncIterator]() : value[Symbol.iterator]();
	const once = isStream(value) ? value : iterator;
	if (taken.has(once)) throw refusal(what, "was read before, and can be read only once");
	taken.add(once);
	return iterator;
}

/**
 * Refuses what was read before and tells so by itself. An iterator does not: only that it was given to us
 * before is known of it.
 *
 * @throws {SourceError}
 */
export function refuseUsed(value: object, what: string): void {
	const why = taken.has(value) ? "was read before, and can be read only once" : whyUsed(value);
	if (why !== undefined) throw refusal(what, why);
}

function refusal(what: string, why: string): SourceError {
	const message = `${what} ${why}; give a new one, or a function that makes it`;
	return new SourceError("SOURCE_UNREADABLE", message, { origin: what });
}

function whyUsed(value: object): string | undefined {
	if (!isStream(value)) return undefined;
	const { errored, locked, destroyed, readableDidRead, readableEnded }: StreamState = value;
	if (errored instanceof Error) return undefined; // reading it tells what went wrong
	if (locked === true) return "is a stream that another reader has started to read";
	if (destroyed === true && readableDidRead === false && readableEnded !== true)
		return "is a stream that was destroyed before it was read";
	// Covers the streams of the Web as well, whatever its type says.
	if (Readable.isDisturbed(value as Readable) || readableEnded === true || destroyed === true)
		return "was read before, in whole or in part, and a stream can be read only once";
	return undefined;
}

function isStream(value: object): boolean {
	const { pipe, getReader }: StreamState = value;
	return typeof pipe === "function" || typeof getReader === "function";
}
