import { compressAll } from "../blocks/compress-whole.ts";
import type { FileState, WholeData } from "../entry.ts";
import type { EntryGroup, RunAnswer, RunRequest, WholeEntry } from "./run-request.ts";
import { RunWriter } from "./run-writer.ts";

/**
 * Reads a small file at once; `undefined` if it is not small, not in the state in which it is pinned, or anything else is out of the
 * ordinary.
 *
 * @param path - A byte string.
 * @param options - See {@link ThreadFile.readingOptions}.
 * @param kept - Bytes that were read before, and are still needed.
 */
export type ReadWhole = (
	path: string,
	options: unknown,
	pinned: FileState | undefined,
	kept: number,
) => Required<WholeData> | undefined;

/** An entry of a group. */
interface NamedEntry {
	readonly group: EntryGroup;
	readonly name: string;
}

const NOTHING = new Uint8Array(0);

/**
 * Makes a run of entries, as far as the memory suffices: what a thread does. An entry that is not for it, or cannot be read here, is
 * left to whoever asked, and the run cut there.
 *
 * @param isStopped - Nobody waits for the rest any more.
 */
export function makeRun(request: RunRequest, read: ReadWhole, isStopped: () => boolean): RunAnswer {
	const { memory, groups } = request;
	const named = groups.flatMap((group) => group.names.split("/").map((name) => ({ group, name })));
	const reading = { readingOptions: request.readingOptions, read, isStopped };
	const writer = new RunWriter(memory);
	let index = 0;
	while (index < named.length && !isStopped()) {
		const batch = readBatch(named, index, writer.room, reading);
		const addedCount = addBatch(writer, batch, request);
		index += addedCount;
		if (addedCount === batch.length) continue;
		if (index > 0) break;
		writer.cut(); // it would never fit
		index += 1;
	}
	return { memory, pieces: writer.finish() };
}

/** How entries are read. */
interface Reading {
	readonly readingOptions: unknown;
	readonly read: ReadWhole;
	readonly isStopped: () => boolean;
}

/** Reads as many entries as surely find room, and one more. Those that cannot be read are `undefined`. */
function readBatch(
	named: readonly NamedEntry[],
	start: number,
	room: number,
	reading: Reading,
): readonly (WholeEntry | undefined)[] {
	const batch: (WholeEntry | undefined)[] = [];
	let size = 0;
	for (let index = start; index < named.length && size <= room && !reading.isStopped(); index++) {
		const entry = wholeEntry(named[index], size, reading);
		batch.push(entry);
		size += entry?.bytes.byteLength ?? 0;
	}
	return batch;
}

/** @returns how many found room. */
function addBatch(
	writer: RunWriter,
	batch: readonly (WholeEntry | undefined)[],
	{ method, level }: RunRequest,
): number {
	const contents: Uint8Array[] = [];
	for (const entry of batch) if (entry !== undefined) contents.push(entry.bytes);
	const compressed = compressAll(contents, method, level);
	let next = 0;
	for (const [index, entry] of batch.entries()) {
		const data = entry && compressed[next++];
		if (entry === undefined || data === undefined) writer.cut();
		else if (!writer.add(entry, data)) return index;
	}
	return batch.length;
}

function wholeEntry(
	named: NamedEntry | undefined,
	kept: number,
	{ readingOptions, read }: Reading,
): WholeEntry | undefined {
	if (named === undefined) return undefined;
	const { group, name } = named;
	const { start, path, directory, pinned } = group;
	if (directory !== undefined)
		return { name: bytesOf(start + name), kind: "directory", ...directory, bytes: NOTHING };
	const data = path === undefined ? undefined : read(path + name, readingOptions, pinned, kept);
	if (data === undefined || data.mtimeMs === undefined || data.mode === undefined) return undefined;
	return {
		name: bytesOf(start + name),
		kind: "file",
		mtimeMs: data.mtimeMs,
		mode: data.mode,
		bytes: data.bytes,
	};
}

function bytesOf(byteString: string): Uint8Array {
	return Buffer.from(byteString, "latin1");
}
