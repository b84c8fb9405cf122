import type { FileState, WholeData } from "../entry.ts";
import type { EntryGroup, RunAnswer, RunRequest, WholeEntry } from "./run-request.ts";
import { RunWriter } from "./run-writer.ts";

/**
 * Reads a small file at once; `undefined` if it is not small, not in the state in which it is pinned, or anything else is out of the
 * ordinary.
 *
 * @param path - A byte string.
 * @param options - See {@link ThreadFile.readingOptions}.
 */
export type ReadWhole = (
	path: string,
	options: unknown,
	pinned: FileState | undefined,
) => Required<WholeData> | undefined;

const NOTHING = new Uint8Array(0);

/**
 * Makes a run of entries, as far as the memory suffices: what a thread does. An entry that is not for it, or cannot be read here, is
 * left to whoever asked, and the run cut there.
 *
 * @param isStopped - Nobody waits for the rest any more.
 */
export function makeRun(request: RunRequest, read: ReadWhole, isStopped: () => boolean): RunAnswer {
	const { memory, groups, readingOptions } = request;
	const writer = new RunWriter(memory, request);
	let count = 0;
	for (const group of groups) {
		for (const name of group.names.split("/")) {
			if (isStopped()) return { memory, pieces: writer.finish() };
			count += 1;
			const entry = wholeEntry(group, name, readingOptions, read);
			if (entry === undefined) {
				writer.cut();
				continue;
			}
			if (writer.add(entry)) continue;
			if (count > 1) return { memory, pieces: writer.finish() };
			writer.cut(); // it would never fit
		}
	}
	return { memory, pieces: writer.finish() };
}

function wholeEntry(
	{ start, path, directory, pinned }: EntryGroup,
	name: string,
	readingOptions: unknown,
	read: ReadWhole,
): WholeEntry | undefined {
	if (directory !== undefined)
		return { name: bytesOf(start + name), kind: "directory", ...directory, bytes: NOTHING };
	const data = path === undefined ? undefined : read(path + name, readingOptions, pinned);
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
