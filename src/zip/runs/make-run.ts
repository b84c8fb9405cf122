import type { FileState, WholeData } from "../entry.ts";
import type { RunAnswer, RunRequest, WholeEntry } from "./run-request.ts";
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
	const { memory, names } = request;
	const writer = new RunWriter(memory, request);
	for (let index = 0; index < names.length && !isStopped(); index++) {
		const entry = wholeEntry(request, index, read);
		if (entry === undefined) {
			writer.cut();
			continue;
		}
		if (writer.add(entry)) continue;
		if (index > 0) break;
		writer.cut(); // it would never fit
	}
	return { memory, pieces: writer.finish() };
}

function wholeEntry(
	{ names, paths, directories, readingOptions, pinned }: RunRequest,
	index: number,
	read: ReadWhole,
): WholeEntry | undefined {
	const [name = "", path = ""] = [names[index], paths[index]];
	if (name === "") return undefined;
	const directory = directories.get(index);
	if (directory !== undefined)
		return { name: bytesOf(name), kind: "directory", ...directory, bytes: NOTHING };
	const data = read(path, readingOptions, pinned.get(index));
	if (data === undefined || data.mtimeMs === undefined || data.mode === undefined) return undefined;
	return { name: bytesOf(name), kind: "file", mtimeMs: data.mtimeMs, mode: data.mode, bytes: data.bytes };
}

function bytesOf(byteString: string): Uint8Array {
	return Buffer.from(byteString, "latin1");
}
