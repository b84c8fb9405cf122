import { ArchiveError } from "./archive-error.ts";
import { isDescriptorOf, LONGEST_DESCRIPTOR } from "./data-descriptor.ts";
import type { EndRecords } from "./directory/end-records.ts";
import { type EntryFacts, FLAG } from "./entry.ts";
import { guessDataStart, LOCAL_HEADER_LENGTH, type LocalHeader, readLocalHeader } from "./local-header.ts";
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
 * @throws {ArchiveError} `INVALID_ARCHIVE` if the local header or the data descriptor contradicts the directory.
 */
export async function* readEntryData(
	body: ArchiveBody,
	entry: EntryFacts,
	signal?: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
	const { source, end } = body;
	const size = entry.compressedSize;
	const guess =
		guessDataStart(entry) + size + ((entry.flags & FLAG.dataDescriptor) === 0 ? 0 : LONGEST_DESCRIPTOR);
	const guessedEnd = Math.min(guess, end.directoryStart);
	let held: Uint8Array = new Uint8Array();
	/** Bytes from the beginning of the local header that have come in. */
	let received = 0;
	let header: LocalHeader | undefined;
	/** What came in behind the data. */
	let behind: Uint8Array = new Uint8Array();
	for await (const chunk of source.read(entry.offset, guessedEnd, signal)) {
		const before = received;
		received += chunk.byteLength;
		let piece = chunk;
		let at = before;
		if (header === undefined) {
			held = held.byteLength === 0 ? chunk : Buffer.concat([held, chunk]);
			const found = readLocalHeader(source.location, entry, held, 0);
			if (!("length" in found)) continue;
			header = found;
			checkDataEnd(body, entry, header.length);
			piece = held.subarray(header.length);
			at = header.length;
			held = new Uint8Array();
		}
		const left = Math.max(0, header.length + size - at);
		if (left < piece.byteLength) behind = Buffer.concat([behind, piece.subarray(left)]);
		if (left > 0 && piece.byteLength > 0) yield piece.subarray(0, left);
	}
	header ??= await readRestOfHeader(body, entry, held, signal);
	const reached = entry.offset + Math.max(received, header.length);
	const dataEnd = entry.offset + header.length + size;
	if (reached < dataEnd) yield* source.read(reached, dataEnd, signal);
	if (header.hasDescriptor) await checkDescriptor(body, entry, behind, dataEnd, signal);
}

/** @param known - What is known already of the bytes behind the data. */
async function checkDescriptor(
	{ source, end }: ArchiveBody,
	entry: EntryFacts,
	known: Uint8Array,
	dataEnd: number,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (isDescriptorOf(entry, known)) return;
	const descriptorEnd = Math.min(dataEnd + LONGEST_DESCRIPTOR, end.directoryStart);
	if (dataEnd + known.byteLength < descriptorEnd) {
		const all = await readRange(source, dataEnd, descriptorEnd, signal);
		if (isDescriptorOf(entry, all)) return;
	}
	throw new ArchiveError("INVALID_ARCHIVE", "has a data descriptor that contradicts the directory", {
		location: source.location,
		entryName: entry.name,
		offset: dataEnd,
	});
}

/** Reads a header that is longer than was guessed. */
async function readRestOfHeader(
	body: ArchiveBody,
	entry: EntryFacts,
	beginning: Uint8Array,
	signal: AbortSignal | undefined,
): Promise<LocalHeader> {
	let held = beginning;
	for (;;) {
		const header = readLocalHeader(body.source.location, entry, held, 0);
		if ("length" in header) {
			checkDataEnd(body, entry, header.length);
			return header;
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
