import { anySignal } from "../../async/any-signal.ts";
import { mapInOrder } from "../../async/map-in-order.ts";
import { KiB, MiB } from "../../bytes/units.ts";
import { contentOfRun, copiedRun } from "../../compose/copyable/copied-run.ts";
import type { CopyableRun } from "../../compose/copyable/copyable-entries.ts";
import { readRange } from "../../reader/ranged/ranged-source.ts";
import type { DirectorySlice } from "../../zip/directory/slice.ts";
import type { FinishedRun } from "../../zip/spans.ts";
import type { EditedArchive } from "../archives/open-edited.ts";

/** Neighbours of an archive that go through this machine. */
export interface CarriedRun {
	readonly archive: Pick<EditedArchive, "location" | "entries" | "reader">;
	readonly run: CopyableRun;
	/** See {@link FinishedRun.positionOf}: of an entry by its place in the directory of its archive. */
	readonly positionOf: (index: number) => number;
}

/** Bytes that one request asks for at most. */
const WINDOW_SIZE = 4 * MiB;
/** Bytes between two runs that are rather read than left to another request. */
const GAP_SIZE = 256 * KiB;

/** Requests under way at once, and what they hold. */
const AHEAD = { count: 8, weight: 16 * MiB };

/** A piece of a run. */
interface Piece {
	readonly of: CarriedRun;
	readonly start: number;
	readonly end: number;
}

/** Bytes of an archive that are asked for at once, with the pieces in them. */
interface Window {
	readonly start: number;
	end: number;
	readonly pieces: Piece[];
}

/**
 * Runs of archives as finished ones, whose bytes are read by range, some ahead of their turn. A run that is larger than a request
 * comes in pieces, the first of which has the directory of all.
 */
export async function* carriedRuns(
	runs: readonly CarriedRun[],
	signal: AbortSignal | undefined,
): AsyncGenerator<Iterable<FinishedRun>, void, void> {
	const stopping = new AbortController();
	const { signal: reading, release } = anySignal(signal, stopping.signal);
	const read = async (window: Window) => {
		const [first] = window.pieces;
		if (first === undefined) throw new TypeError("a window without pieces");
		const bytes = await readRange(first.of.archive.reader.source, window.start, window.end, reading);
		return window.pieces.map((piece) =>
			finished(piece, bytes.subarray(piece.start - window.start, piece.end - window.start)),
		);
	};
	async function* windows() {
		yield windowsOf(runs);
	}
	const limit = { ...AHEAD, weigh: ({ start, end }: Window) => end - start };
	const onStop = () => stopping.abort();
	try {
		for await (const batch of mapInOrder(windows(), read, limit, { signal, onStop }))
			for (const pieces of batch) yield pieces;
	} finally {
		release();
	}
}

function windowsOf(runs: readonly CarriedRun[]): readonly Window[] {
	const windows: Window[] = [];
	let last: Window | undefined;
	for (const of of runs) {
		for (let start = of.run.start; start < of.run.end; ) {
			const fits =
				last?.pieces[0]?.of.archive === of.archive &&
				start - last.end <= GAP_SIZE &&
				start - last.start < WINDOW_SIZE;
			if (last === undefined || !fits) {
				last = { start, end: start, pieces: [] };
				windows.push(last);
			}
			const end = Math.min(of.run.end, last.start + WINDOW_SIZE);
			last.pieces.push({ of, start, end });
			last.end = end;
			start = end;
		}
	}
	return windows;
}

const NOTHING: DirectorySlice = { entryCount: 0, pages: [] };

function finished({ of, start }: Piece, bytes: Uint8Array): FinishedRun {
	const { archive, run, positionOf } = of;
	const spans = [bytes];
	if (start > run.start)
		return { spans, byteLength: bytes.byteLength, directory: NOTHING, originOf: () => archive.location };
	const { entries, location } = archive;
	const copied = copiedRun<never>({
		entries,
		runs: [run],
		location,
		spans,
		heldSize: bytes.byteLength,
		positionOf,
	});
	const whole = { ...copied, read: contentOfRun(entries, run) };
	return { ...whole, byteLength: bytes.byteLength };
}
