import { compressAll } from "../blocks/compress-whole.ts";
import type { WholeData } from "../entry.ts";
import type { RunAnswer, RunRequest, WholeEntry } from "./run-request.ts";
import { RunWriter } from "./run-writer.ts";

/**
 * Reads a small file at once; `undefined` if it is not small, or anything is out of the ordinary.
 *
 * @param path - A byte string.
 * @param options - See {@link ThreadFile.readingOptions}.
 * @param kept - Bytes that were read before, and are still needed.
 */
export type ReadWhole = (path: string, options: unknown, kept: number) => Required<WholeData> | undefined;

const NOTHING = new Uint8Array(0);

/**
 * Makes a run of entries, as far as the memory suffices: what a thread does. An entry that is not for it, or cannot be read here, is
 * left to whoever asked, and the run cut there.
 *
 * @param isStopped - Nobody waits for the rest any more.
 */
export function makeRun(request: RunRequest, read: ReadWhole, isStopped: () => boolean): RunAnswer {
	const { memory, names } = request;
	const writer = new RunWriter(memory);
	let index = 0;
	while (index < names.length && !isStopped()) {
		const batch = readBatch(request, index, writer.room, read, isStopped);
		const addedCount = addBatch(writer, batch, request);
		index += addedCount;
		if (addedCount === batch.length) continue;
		if (index > 0) break;
		writer.cut(); // it would never fit
		index += 1;
	}
	return { memory, pieces: writer.finish() };
}

/** Reads as many entries as surely find room, and one more. Those that cannot be read are `undefined`. */
function readBatch(
	request: RunRequest,
	start: number,
	room: number,
	read: ReadWhole,
	isStopped: () => boolean,
): readonly (WholeEntry | undefined)[] {
	const batch: (WholeEntry | undefined)[] = [];
	let size = 0;
	for (let index = start; index < request.names.length && size <= room && !isStopped(); index++) {
		const entry = wholeEntry(request, index, size, read);
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
	{ names, paths, directories, readingOptions }: RunRequest,
	index: number,
	kept: number,
	read: ReadWhole,
): WholeEntry | undefined {
	const [name = "", path = ""] = [names[index], paths[index]];
	if (name === "") return undefined;
	const directory = directories.get(index);
	if (directory !== undefined)
		return { name: bytesOf(name), kind: "directory", ...directory, bytes: NOTHING };
	const data = read(path, readingOptions, kept);
	if (data === undefined || data.mtimeMs === undefined || data.mode === undefined) return undefined;
	return { name: bytesOf(name), kind: "file", mtimeMs: data.mtimeMs, mode: data.mode, bytes: data.bytes };
}

function bytesOf(byteString: string): Uint8Array {
	return Buffer.from(byteString, "latin1");
}
