import type { Batches } from "../../async/batches.ts";
import { u32At } from "../../bytes/little-endian.ts";
import { formatNumber, KiB } from "../../bytes/units.ts";
import { ArchiveError } from "../archive-error.ts";
import type { EntryFacts } from "../entry.ts";
import type { EndRecords } from "./end-records.ts";
import { HEADER_LENGTH, HEADER_SIGNATURE, headerLengthAt, readHeader } from "./read-header.ts";

/** Bytes of a local file header without name and extra fields (APPNOTE 4.3.7). */
const LOCAL_HEADER_LENGTH = 30;

/** Bytes of headers that are copied at once, and kept as long as one of their entries is. */
const COPY_SIZE = 4 * KiB;
const NOTHING: Uint8Array = new Uint8Array();

/**
 * Reads the entries of a central directory in its order, while its bytes come in: what is held in memory is one chunk.
 *
 * What contradicts itself is refused as soon as it is seen: bytes that are no header, more or fewer of them than the end
 * record says, entries that do not lie in front of the directory, stored ones with two sizes.
 *
 * @param chunks - The bytes of the directory.
 * @param checkBeginning - Looks at the bytes in front of the first entry, if there are any, when all have been read.
 * @throws {ArchiveError} `INVALID_ARCHIVE`
 */
export async function* readDirectory(
	location: string,
	end: EndRecords,
	chunks: AsyncIterable<Uint8Array>,
	checkBeginning?: (firstOffset: number) => Promise<void>,
): Batches<EntryFacts> & AsyncGenerator<Iterable<EntryFacts>, void, void> {
	const reader = new DirectoryReader(location, end);
	for await (const chunk of chunks) yield reader.push(chunk);
	reader.finish();
	if (reader.firstOffset > 0) await checkBeginning?.(reader.firstOffset);
}

class DirectoryReader {
	readonly #location: string;
	readonly #end: EndRecords;
	/** The beginning of a header whose rest comes with the next chunk. */
	#rest: Uint8Array = NOTHING;
	/** Entries read so far. */
	#count = 0;
	/** Bytes that these entries have at least, if they share none. */
	#claimed = 0;
	/** The first byte of the first of them in the archive. */
	#first = Number.POSITIVE_INFINITY;
	/** Byte of the archive at which the rest, or the next chunk, begins. */
	#offset: number;

	constructor(location: string, end: EndRecords) {
		this.#location = location;
		this.#end = end;
		this.#offset = end.directoryStart;
	}

	/** The entries whose headers end in this chunk. To be gone through before the next one comes. */
	*push(chunk: Uint8Array): Generator<EntryFacts, void, void> {
		let at = 0;
		/** Bytes of the chunk from `copied` on: an entry that is kept is not to keep the whole chunk. */
		let copy = NOTHING;
		let copied = 0;
		try {
			if (this.#rest.byteLength > 0) {
				const header = this.#headerAcross(chunk);
				if (header === undefined) return;
				at = header.byteLength - this.#rest.byteLength;
				this.#rest = NOTHING;
				yield this.#read(header, 0, header.byteLength);
			}
			while (at + HEADER_LENGTH <= chunk.byteLength) {
				this.#checkSignature(chunk, at);
				const end = at + headerLengthAt(chunk, at);
				if (end > chunk.byteLength) break;
				if (end > copied + copy.byteLength) {
					copy = Buffer.from(chunk.subarray(at, Math.max(end, at + COPY_SIZE)));
					copied = at;
				}
				const start = at - copied;
				at = end;
				yield this.#read(copy, start, end - copied);
			}
		} finally {
			this.#rest = Buffer.concat([this.#rest, chunk.subarray(at)]);
		}
	}

	/** The header whose beginning came with the chunk before, if all of it is there. */
	#headerAcross(bytes: Uint8Array): Buffer | undefined {
		const missing = HEADER_LENGTH - this.#rest.byteLength;
		const start = missing > 0 ? Buffer.concat([this.#rest, bytes.subarray(0, missing)]) : this.#rest;
		if (start.byteLength < HEADER_LENGTH) return undefined;
		this.#checkSignature(start, 0);
		const rest = headerLengthAt(start, 0) - this.#rest.byteLength;
		return rest > bytes.byteLength ? undefined : Buffer.concat([this.#rest, bytes.subarray(0, rest)]);
	}

	#checkSignature(bytes: Uint8Array, at: number): void {
		if (this.#count === this.#end.entryCount) throw this.#countDiffers("more");
		if (u32At(bytes, at) === HEADER_SIGNATURE) return;
		throw this.#invalid(
			`has something else than a header in its directory, behind entry ${formatNumber(this.#count)}`,
		);
	}

	#read(bytes: Uint8Array, start: number, end: number): EntryFacts {
		const offset = this.#offset;
		this.#offset += end - start;
		const entry = readHeader(bytes, start, this.#count++);
		const reason = "reason" in entry ? entry.reason : this.#contradictionOf(entry);
		if (reason !== undefined)
			throw new ArchiveError("INVALID_ARCHIVE", reason, {
				location: this.#location,
				entryName: entry.name,
				offset,
			});
		this.#claim(entry as EntryFacts); // else there is a reason
		return entry as EntryFacts;
	}

	/** An archive whose entries share their data is made to become larger than anybody expects. */
	#claim({ offset, rawName, compressedSize }: EntryFacts): void {
		this.#claimed += LOCAL_HEADER_LENGTH + rawName.byteLength + compressedSize;
		this.#first = Math.min(this.#first, offset);
		if (this.#claimed > this.#end.directoryStart)
			throw this.#invalid("has entries that share bytes: together they have more than there are");
	}

	/** Where the first entry begins in the archive; behind its end if there is none. */
	get firstOffset(): number {
		return this.#first;
	}

	#contradictionOf(entry: EntryFacts): string | undefined {
		const dataStart = entry.offset + LOCAL_HEADER_LENGTH + entry.rawName.byteLength;
		if (dataStart + entry.compressedSize > this.#end.directoryStart)
			return "is said to lie beyond the directory";
		if (entry.method === 0 && !entry.encrypted && entry.compressedSize !== entry.uncompressedSize)
			return "is said to be stored, but has another size than its data";
		return undefined;
	}

	/** To be called behind the last chunk. */
	finish(): void {
		if (this.#rest.byteLength > 0)
			throw this.#count === this.#end.entryCount
				? this.#countDiffers("more")
				: this.#invalid("has a directory that ends in the middle of a header");
		if (this.#count !== this.#end.entryCount) throw this.#countDiffers("fewer");
	}

	#countDiffers(what: "more" | "fewer"): ArchiveError {
		const stated = formatNumber(this.#end.entryCount);
		return this.#invalid(
			what === "more"
				? `has more in its directory than the ${stated} entries that its end record states`
				: `has ${formatNumber(this.#count)} entries in its directory, but its end record states ${stated}`,
		);
	}

	#invalid(reason: string): ArchiveError {
		return new ArchiveError("INVALID_ARCHIVE", reason, { location: this.#location, offset: this.#offset });
	}
}
