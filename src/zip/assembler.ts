import { type ChunkMemory, OWN_CHUNKS } from "../bytes/chunk-memory.ts";
import type { CompressedBlock } from "./blocks/compress-block.ts";
import { CentralDirectory } from "./directory/central-directory.ts";
import { type DirectorySlice, headersOf } from "./directory/slice.ts";
import { type Entry, type EntryKind, kindOf } from "./entry.ts";
import { centralHeader, entryHeader } from "./entry-header.ts";
import { movedHeader, readCentralHeader, saysZip64 } from "./format/central-header.ts";
import { displayName } from "./format/entry-name.ts";
import { DuplicateEntryError } from "./format/entry-name-errors.ts";
import { U32_MAX } from "./format/limits.ts";
import {
	dataDescriptor,
	type EntryHeader,
	type EntryTotals,
	endOfCentralDirectory,
	localFileHeader,
	NO_TOTALS,
	needsZip64End,
	STORED,
} from "./format/records.ts";
import type { FinishedRun, ForeignRange, Placement, Span } from "./spans.ts";

/** An entry that is in the archive, all of it. */
export interface ArchivedEntry extends EntryTotals {
	readonly name: Uint8Array;
	readonly kind: EntryKind;
	readonly origin: string;
	readonly method: number;
	/** Offset of its local file header from the start of the archive. */
	readonly offset: number;
	/** There if nothing was read for it: its bytes exist already. */
	readonly copied?: boolean | undefined;
}

const NOTHING: readonly Uint8Array[] = [];

/** Facts about a finished archive. */
export interface ArchiveSummary {
	/** Bytes, those before its `start` included. */
	readonly size: number;
	/** Entries in the archive. */
	readonly entryCount: number;
	/** Whether anything in it needed ZIP64. */
	readonly zip64: boolean;
}

export interface AssemblerOptions {
	/** Called with each entry that is in the archive, if there is anybody to hear of each. */
	readonly onEntry?: ((entry: ArchivedEntry) => void) | undefined;
	/** Called with the number of entries that have come into the archive, which are many at once in a finished run. */
	readonly onEntries?: ((count: number) => void) | undefined;
	/**
	 * Called for each block, before it goes out, with its bytes before compression, or its share of them; for a finished run once, with
	 * its last entry.
	 */
	readonly onBlock: (entry: Pick<Entry, "name" | "kind">, size: number) => void;
	/**
	 * Bytes of the archive that stand before what is assembled here.
	 *
	 * @defaultValue `0`
	 */
	readonly start?: number | undefined;
	/**
	 * The order of the directory.
	 *
	 * @defaultValue that of the data
	 */
	readonly placement?: Placement | undefined;
}

/**
 * Lays entries out as an archive, in the order and the words of APPNOTE 4.3.6. Offsets are counted as the
 * bytes go by, never computed. The blocks of an entry follow each other.
 */
export class Assembler<Range extends ForeignRange = never> {
	readonly #options: AssemblerOptions;
	readonly #directory = new CentralDirectory();
	/** Bytes of the archive so far. */
	#size: number;
	#zip64 = false;
	/** The entry that is being laid out. */
	#header: EntryHeader | undefined;
	#offset = 0;
	#compressedSize = 0;
	#uncompressedSize = 0;

	constructor(options: AssemblerOptions) {
		this.#options = options;
		this.#size = options.start ?? 0;
	}

	/** The bytes of the next blocks and runs. */
	*layOut(batch: Iterable<CompressedBlock | FinishedRun<Range>>): Generator<Span<Range>, void, void> {
		for (const item of batch) {
			if ("spans" in item) {
				yield* this.#run(item);
				continue;
			}
			const { block, data, more = NOTHING } = item;
			const { entry, raw } = block.opened;
			if (block.index === 0) this.#compressedSize = this.#uncompressedSize = 0;
			this.#compressedSize += more.reduce((sum, piece) => sum + piece.byteLength, data.byteLength);
			const size = raw === undefined ? block.bytes.byteLength : this.#shareOf(raw) - this.#uncompressedSize;
			this.#uncompressedSize += size;
			this.#options.onBlock(entry, size);
			if (block.index === 0) yield this.#begin(item);
			if (data.byteLength > 0) yield this.#counted(data);
			for (const piece of more) yield this.#counted(piece);
			if (!block.last) continue;
			const { crc32 } = block;
			const totals = {
				crc32,
				compressedSize: this.#compressedSize,
				uncompressedSize: this.#uncompressedSize,
			};
			if (this.#header?.dataDescriptor) yield this.#counted(dataDescriptor(this.#header, totals));
			this.#complete(item, totals);
		}
	}

	/** The central directory and the records behind it. */
	*end(comment: Uint8Array, memory: ChunkMemory): Generator<Uint8Array, void, void> {
		const { entryCount, size } = this.#directory;
		const totals = { entryCount, size, offset: this.#size };
		this.#zip64 ||= needsZip64End(totals);
		for (const page of this.#directory.pages(memory, this.#options.placement?.order()))
			yield this.#counted(page);
		yield this.#counted(endOfCentralDirectory(totals, comment));
	}

	get summary(): ArchiveSummary {
		return { size: this.#size, entryCount: this.#directory.entryCount, zip64: this.#zip64 };
	}

	/** The central directory of what was laid out. If `start` was 0, it is that of a run that can stand anywhere. */
	slice(): DirectorySlice {
		const directory = this.#directory;
		const pages = { [Symbol.iterator]: () => directory.pages(OWN_CHUNKS)[Symbol.iterator]() };
		return { entryCount: directory.entryCount, pages };
	}

	/** @returns the local header of an entry. */
	#begin({ block: { opened, last, crc32, bytes }, method, data }: CompressedBlock): Uint8Array {
		this.#offset = this.#size;
		this.#header = entryHeader(opened, method, last);
		const known =
			opened.raw ??
			(last ? { crc32, compressedSize: data.byteLength, uncompressedSize: bytes.byteLength } : NO_TOTALS);
		const header = this.#counted(localFileHeader(this.#header, known));
		if ((method === STORED || opened.raw !== undefined) && !last) opened.storedAt = this.#size;
		return header;
	}

	/** Adds an entry whose data is laid out to the directory. */
	#complete({ block: { opened }, method }: CompressedBlock, totals: EntryTotals): void {
		const header = this.#header;
		if (header === undefined) throw new Error("the first block of an entry is missing");
		const { name, kind, origin, position } = opened.entry;
		const offset = this.#offset;
		if (!this.#directory.append(centralHeader(opened, header, totals, offset)))
			throw alreadyThere(name, origin);
		this.#options.placement?.add(position);
		const { compressedSize, uncompressedSize } = totals;
		this.#zip64 ||= header.zip64 || Math.max(compressedSize, uncompressedSize, offset) >= U32_MAX;
		this.#options.onEntry?.({ name, kind, origin, method, offset, ...totals });
		this.#options.onEntries?.(1);
	}

	/** Uncompressed bytes that the compressed ones so far count for, of data that is not decompressed. */
	#shareOf({ compressedSize, uncompressedSize }: EntryTotals): number {
		if (this.#compressedSize >= compressedSize) return uncompressedSize;
		return Math.floor(uncompressedSize * (this.#compressedSize / compressedSize));
	}

	*#run({
		spans,
		directory,
		originOf,
		positionOf,
		read,
	}: FinishedRun<Range>): Generator<Span<Range>, void, void> {
		const start = this.#size;
		if (read !== undefined) this.#options.onBlock(read.lastEntry, read.size);
		for (const span of spans) {
			this.#size += span.byteLength;
			yield span;
		}
		const { onEntry, placement } = this.#options;
		let index = 0;
		for (const header of headersOf(directory)) {
			if (!this.#directory.append(header, start))
				throw alreadyThere(readCentralHeader(header).name, originOf(index));
			this.#zip64 ||= saysZip64(header);
			placement?.add(positionOf?.(index));
			const copied = read === undefined ? { copied: true } : undefined;
			onEntry?.({ ...archivedEntry(movedHeader(header, start), originOf(index)), ...copied });
			index += 1;
		}
		this.#options.onEntries?.(index);
		this.#zip64 ||= this.#size >= U32_MAX; // the offset of the central directory will be
	}

	#counted(bytes: Uint8Array): Uint8Array {
		this.#size += bytes.byteLength;
		return bytes;
	}
}

function alreadyThere(name: Uint8Array, origin: string): DuplicateEntryError {
	return new DuplicateEntryError(displayName(name), ["an earlier entry", origin]);
}

/** An entry of a finished run, by its header in the central directory. */
function archivedEntry(header: Uint8Array, origin: string): ArchivedEntry {
	const { name, unixMode, method, crc32, compressedSize, uncompressedSize, offset } =
		readCentralHeader(header);
	return {
		name,
		kind: kindOf(name, unixMode),
		origin,
		method,
		crc32,
		compressedSize,
		uncompressedSize,
		offset,
	};
}
