import type { Batches } from "../async/batches.ts";
import type { ChunkMemory } from "../bytes/chunk-memory.ts";
import { ByteCounter } from "../bytes/tap.ts";
import { DuplicateEntryError, InvalidOptionError } from "../errors.ts";
import type { CompressedBlock } from "./blocks/compress-block.ts";
import type { OpenEntry } from "./blocks/read-blocks.ts";
import { CentralDirectory } from "./directory/central-directory.ts";
import { type Entry, type EntryKind, unixMode } from "./entry.ts";
import { displayName, isAscii, isNonAsciiUtf8, isUtf8 } from "./format/entry-name.ts";
import { mayExceed32Bits, U16_MAX, U32_MAX } from "./format/limits.ts";
import {
	centralDirectoryHeader,
	dataDescriptor,
	type EntryHeader,
	type EntryTotals,
	endOfCentralDirectory,
	localFileHeader,
	NO_TOTALS,
	needsZip64End,
	STORED,
} from "./format/records.ts";

/** An entry that is in the archive, all of it. */
export interface ArchivedEntry extends EntryTotals {
	readonly name: Uint8Array;
	readonly kind: EntryKind;
	readonly origin: string;
	readonly method: number;
	/** Offset of its local file header from the start of the archive. */
	readonly offset: number;
}

/** What there is to say about a finished archive. */
export interface ArchiveSummary {
	/** Bytes. */
	readonly size: number;
	readonly entryCount: number;
	/** Whether anything in it needed ZIP64. */
	readonly zip64: boolean;
}

export interface AssembleOptions {
	/** UTF-8 bytes, at most 65,535. */
	readonly comment: Uint8Array;
	readonly onEntry: (entry: ArchivedEntry) => void;
	/** Called for each block, before it goes out, with its bytes before compression. */
	readonly onBlock: (entry: Entry, size: number) => void;
	readonly memory: ChunkMemory;
}

/**
 * Lays blocks out as an archive, in the order and the words of APPNOTE 4.3.6. Offsets are counted as the
 * bytes go by, never computed. The blocks of an entry follow each other.
 */
export async function* assemble(
	blocks: Batches<CompressedBlock>,
	{ comment, onEntry, onBlock, memory }: AssembleOptions,
): AsyncGenerator<Iterable<Uint8Array>, ArchiveSummary, void> {
	const archive = new ByteCounter();
	const counted = (bytes: Uint8Array): Uint8Array => {
		archive.update(bytes);
		return bytes;
	};
	const directory = new CentralDirectory();
	let zip64 = false;
	let offset = 0;
	let header: EntryHeader | undefined;
	let compressedSize = 0;
	let uncompressedSize = 0;

	function* layOut(run: Iterable<CompressedBlock>): Generator<Uint8Array, void, void> {
		for (const { block, method, data } of run) {
			const { opened, last, crc32 } = block;
			onBlock(opened.entry, block.bytes.byteLength);
			if (block.index === 0) {
				offset = archive.total;
				compressedSize = 0;
				uncompressedSize = 0;
				header = entryHeader(opened, method, last);
				const known = last
					? { crc32, compressedSize: data.byteLength, uncompressedSize: block.bytes.byteLength }
					: NO_TOTALS;
				const localHeader = counted(localFileHeader(header, known));
				if (method === STORED && !last) opened.storedAt = archive.total;
				yield localHeader;
			}
			if (header === undefined) throw new Error("the first block of an entry is missing");
			compressedSize += data.byteLength;
			uncompressedSize += block.bytes.byteLength;
			if (data.byteLength > 0) yield counted(data);
			if (!last) continue;

			const totals: EntryTotals = { crc32, compressedSize, uncompressedSize };
			if (header.dataDescriptor) yield counted(dataDescriptor(header, totals));
			const { entry, mode } = opened;
			const details = {
				unixMode: unixMode(entry.kind, mode),
				directory: entry.kind === "directory",
				comment: entry.comment === undefined ? NOTHING : Buffer.from(entry.comment, "utf8"),
				offset,
			};
			if (!directory.append(centralDirectoryHeader(header, totals, details))) {
				throw new DuplicateEntryError(displayName(entry.name), ["an earlier entry", entry.origin]);
			}
			zip64 ||= header.zip64 || Math.max(compressedSize, uncompressedSize, offset) >= U32_MAX;
			onEntry({ name: entry.name, kind: entry.kind, origin: entry.origin, method, offset, ...totals });
		}
	}
	for await (const run of blocks) yield layOut(run);

	const totals = { entryCount: directory.entryCount, size: directory.size, offset: archive.total };
	function* end(): Generator<Uint8Array, void, void> {
		for (const page of directory.pages(memory)) yield counted(page);
		yield counted(endOfCentralDirectory(totals, comment));
	}
	yield end();
	return { size: archive.total, entryCount: totals.entryCount, zip64: zip64 || needsZip64End(totals) };
}

const NOTHING = new Uint8Array(0);

function entryHeader({ entry, mtimeMs, size }: OpenEntry, method: 0 | 8, whole: boolean): EntryHeader {
	return {
		name: entry.name,
		utf8: marksUtf8(entry.name, entry.comment ?? ""),
		method,
		mtimeMs,
		dataDescriptor: !whole,
		zip64: !whole && (size === undefined || mayExceed32Bits(size)),
	};
}

/** One flag speaks for name and comment (APPNOTE 4.4.4, bit 11). */
function marksUtf8(name: Uint8Array, comment: string): boolean {
	if (comment === "") return isNonAsciiUtf8(name);
	const commentBytes = Buffer.from(comment, "utf8");
	if (commentBytes.byteLength > U16_MAX) {
		throw new InvalidOptionError(
			`the comment of "${displayName(name)}" has ${commentBytes.byteLength} bytes; a ZIP holds at most 65,535`,
		);
	}
	if (isAscii(commentBytes)) return isNonAsciiUtf8(name);
	if (!isUtf8(name)) {
		throw new InvalidOptionError(
			`the comment of "${displayName(name)}" is not plain ASCII, and its name is not UTF-8: a ZIP cannot say both`,
		);
	}
	return true;
}
