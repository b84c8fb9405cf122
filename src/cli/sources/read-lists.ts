import { open } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { abortable } from "../../async/abortable.ts";
import { InvalidOptionError } from "../../errors.ts";
import { systemReason } from "../../sources/files/describe-file.ts";
import type { PathListSource } from "../../sources/source.ts";

/** Files that list paths; `-` is stdin. */
export interface ListFiles {
	/** With a path on each line. */
	readonly lines: readonly string[];
	/** With a NUL character behind each path. */
	readonly nul: readonly string[];
}

const NEWLINE = 0x0a;
const NUL = 0;

/**
 * Reads lists of paths. Every line is a path as it stands: there are no comments, as in lists for tar, since any
 * character may begin a path. Empty lines are passed over.
 *
 * @returns `undefined` if there is no list
 * @throws {InvalidOptionError} for a list that cannot be read
 */
export async function readLists(
	{ lines, nul }: ListFiles,
	signal: AbortSignal,
): Promise<PathListSource | undefined> {
	if (lines.length + nul.length === 0) return undefined;
	const lists: (readonly [Buffer, number])[] = [];
	for (const file of lines) lists.push([await readList(file, "files-from", signal), NEWLINE]);
	for (const file of nul) lists.push([await readList(file, "files-from0", signal), NUL]);
	return { paths: pathsOf(lists) };
}

function* pathsOf(lists: readonly (readonly [Buffer, number])[]): Generator<Uint8Array, void, void> {
	for (const [bytes, end] of lists) {
		for (let start = 0; start < bytes.byteLength; ) {
			const found = bytes.indexOf(end, start);
			const stop = found < 0 ? bytes.byteLength : found;
			if (stop > start) yield bytes.subarray(start, stop);
			start = stop + 1;
		}
	}
}

async function readList(file: string, option: string, signal: AbortSignal): Promise<Buffer> {
	try {
		if (file === "-") return await abortable(buffer(process.stdin), signal);
		const opened = await open(file);
		try {
			return await opened.readFile({ signal });
		} finally {
			await opened.close();
		}
	} catch (error) {
		signal.throwIfAborted();
		const shown = file === "-" ? "stdin" : file;
		throw new InvalidOptionError(`cannot read the list ${shown} of --${option}: ${systemReason(error)}`, {
			cause: error,
		});
	}
}
