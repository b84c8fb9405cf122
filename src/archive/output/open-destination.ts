import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ReadableStream, WritableStream as WebWritable } from "node:stream/web";
import { abortable } from "../../async/abortable.ts";
import { type ChunkMemory, OWN_CHUNKS } from "../../bytes/chunk-memory.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { invalidOption } from "../../options/invalid-option.ts";
import { asError } from "../../options/thrown-value.ts";
import { unwritable } from "./destination.ts";
import { draftOf, removeStaleDrafts, writeFile } from "./draft.ts";
import { nameOf, pathsBehind, refuseFile, thingAt } from "./links.ts";
import type { ZipDestination } from "./zip-destination.ts";

/** A destination that an archive can be written to, once. */
export interface OpenDestination {
	/** Files that come into being with it and must not end up inside the archive. */
	readonly ownPaths: readonly string[];
	readonly memory: ChunkMemory;
	write(
		chunks: AsyncIterable<Uint8Array>,
		signal: AbortSignal,
		onEvent: ZipferryEventListener,
	): Promise<void>;
	/** Nothing will be written, because of an error that came before. */
	abandon(error: unknown): Promise<void>;
}

/**
 * Nothing is opened before the first write.
 *
 * @param noClobber - A file that is there stays.
 * @throws {InvalidOptionError} for what is no destination.
 * @throws {DestinationError} for a path under which no file can be, or one is and must stay.
 */
export async function openDestination(
	destination: ZipDestination,
	noClobber: boolean,
): Promise<OpenDestination> {
	if (typeof destination === "string") return fileDestination(destination, noClobber);
	if (typeof destination === "function")
		return { ownPaths: [], memory: OWN_CHUNKS, write: guarded(destination), async abandon() {} };
	if (destination instanceof WebWritable)
		return streamDestination((chunks, signal) => ReadableStream.from(chunks).pipeTo(destination, { signal }));
	if (isNodeStream(destination))
		return streamDestination((chunks, signal) =>
			pipeline(Readable.from(chunks, { objectMode: false }), destination as Writable, { signal }),
		);
	throw invalidOption("destination", "a path, a stream that can be written to, or a function", destination);
}

/** A writer whose failures are errors; the reason of a stop is whatever the caller gave. */
function guarded(write: OpenDestination["write"]): OpenDestination["write"] {
	return async (chunks, signal, onEvent) => {
		try {
			await write(chunks, signal, onEvent);
		} catch (thrown) {
			throw signal.aborted ? thrown : asError(thrown, "the destination");
		}
	};
}

/** Responses of `node:http` are no instances of `Writable`. */
function isNodeStream(value: unknown): value is Writable {
	return (
		typeof value === "object" &&
		value !== null &&
		"write" in value &&
		"end" in value &&
		typeof value.write === "function" &&
		typeof value.end === "function"
	);
}

/** Streams queue chunks: their memory cannot be used again. */
function streamDestination(
	send: (chunks: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<void>,
): OpenDestination {
	return {
		ownPaths: [],
		memory: OWN_CHUNKS,
		// What a stream takes may be taken for ever; a stop does not wait for that.
		write: guarded((chunks, signal) => abortable(send(chunks, signal), signal)),
		abandon: (error) => send(failing(error), new AbortController().signal).catch(() => {}),
	};
}

function failing(error: unknown): AsyncIterable<never> {
	return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

async function fileDestination(path: string, noClobber: boolean): Promise<OpenDestination> {
	if (path === "") throw invalidOption("destination", "a path", path);
	let target = path;
	for await (const step of pathsBehind(path)) target = step;
	const there = await thingAt(path, target);
	// By its own name: what /dev/stdout leads to may have no path, or one that is gone.
	const stats = await thingAt(path, path);
	if (stats?.isFile() === false || stats?.ino !== there?.ino)
		throw unwritable(path, "it is no regular file that has a path; give a stream that writes to it");
	if (noClobber) await refuseFile(path, target);
	const draft = draftOf(target);
	const place = { path: target, draft, name: nameOf(path, target), noClobber };
	return {
		ownPaths: [path, target, draft],
		memory: { reusable: true },
		async write(chunks, _signal, onEvent) {
			await removeStaleDrafts(target, (kind, message) => {
				if (kind === "warning") onEvent({ type: "warning", code: "DRAFT_LEFT", message, origin: path });
			});
			await writeFile(place, chunks, () => {});
		},
		async abandon() {},
	};
}
