import { ArchiveError } from "./archive-error.ts";
import type { EndRecords } from "./directory/end-records.ts";
import type { EntryFacts } from "./entry.ts";
import { guessDataStart, LOCAL_HEADER_LENGTH, readLocalHeader } from "./local-header.ts";
import { type RangedSource, readRange } from "./ranged/ranged-source.ts";

/** Where entries are read from: an archive whose end has been found. */
export interface ArchiveBody {
	readonly source: RangedSource;
	readonly end: Pick<EndRecords, "directoryStart">;
}

/**
 * The bytes of an entry in the archive, as they are: compressed, unchecked. Header and data come with one request,
 * as a rule; an unusually long header costs another one.
 *
 * @throws {ArchiveError} `INVALID_ARCHIVE` if the local header contradicts the directory.
 */
export async function* readEntryData(
	body: ArchiveBody,
	entry: EntryFacts,
	signal?: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
	const { source, end } = body;
	const size = entry.compressedSize;
	const guessedEnd = Math.min(guessDataStart(entry) + size, end.directoryStart);
	let held: Uint8Array = new Uint8Array();
	/** Bytes from the beginning of the local header that have come in. */
	let received = 0;
	let dataStart: number | undefined;
	for await (const chunk of source.read(entry.offset, guessedEnd, signal)) {
		const before = received;
		received += chunk.byteLength;
		if (dataStart !== undefined) {
			const piece = chunk.subarray(0, Math.max(0, dataStart + size - before));
			if (piece.byteLength > 0) yield piece;
			continue;
		}
		held = held.byteLength === 0 ? chunk : Buffer.concat([held, chunk]);
		const header = readLocalHeader(source.location, entry, held, 0);
		if (!("length" in header)) continue;
		dataStart = header.length;
		checkDataEnd(body, entry, dataStart);
		const piece = held.subarray(dataStart, dataStart + size);
		held = new Uint8Array();
		if (piece.byteLength > 0) yield piece;
	}
	dataStart ??= await readRestOfHeader(body, entry, held, signal);
	const reached = entry.offset + Math.max(received, dataStart);
	const wanted = entry.offset + dataStart + size;
	if (reached < wanted) yield* source.read(reached, wanted, signal);
}

/** Reads a header that is longer than was guessed. */
async function readRestOfHeader(
	body: ArchiveBody,
	entry: EntryFacts,
	beginning: Uint8Array,
	signal: AbortSignal | undefined,
): Promise<number> {
	let held = beginning;
	for (;;) {
		const header = readLocalHeader(body.source.location, entry, held, 0);
		if ("length" in header) {
			checkDataEnd(body, entry, header.length);
			return header.length;
		}
		checkDataEnd(body, entry, header.needed);
		const start = entry.offset + held.byteLength;
		const rest = await readRange(body.source, start, entry.offset + header.needed, signal);
		held = Buffer.concat([held, rest]);
	}
}

/** @throws {ArchiveError} `INVALID_ARCHIVE` if the data of an entry would reach into the directory. */
export function checkDataEnd({ source, end }: ArchiveBody, entry: EntryFacts, headerLength: number): void {
	if (entry.offset + headerLength + entry.compressedSize <= end.directoryStart) return;
	throw new ArchiveError("INVALID_ARCHIVE", "is said to lie beyond the directory", {
		location: source.location,
		entryName: entry.name,
		offset: entry.offset,
	});
}

/** Bytes of a local header of an entry at least. */
export function leastHeaderLength({ rawName }: EntryFacts): number {
	return LOCAL_HEADER_LENGTH + rawName.byteLength;
}
