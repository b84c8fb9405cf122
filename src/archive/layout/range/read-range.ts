import { mapInOrder } from "../../../async/map-in-order.ts";
import { SharedBytes } from "../../../bytes/shared-bytes.ts";
import { MiB } from "../../../bytes/units.ts";
import type { EntrySource, SourceReport } from "../../../sources/entry-source.ts";
import { lookAheadOf } from "../../../sources/open-sources.ts";
import { centralHeader, entryHeader } from "../../../zip/entry-header.ts";
import { BLOCK_SIZE } from "../../../zip/format/limits.ts";
import { DEFLATED, endOfCentralDirectory, STORED } from "../../../zip/format/records.ts";
import { ContentCrc } from "../crc/content-crc.ts";
import type { KnownCrcs } from "../crc/known-crcs.ts";
import type { CrcCache } from "../crc-cache.ts";
import { FairShare } from "../fair-share.ts";
import type { Survey } from "../survey.ts";
import { ByteWindow } from "./byte-window.ts";
import { entryBytes } from "./entry-bytes.ts";
import { type PlacedEntry, type PlacingOptions, placedEntries } from "./placed-entries.ts";

/** What a reading needs of its layout. */
export interface ReadableLayout {
	readonly survey: Survey;
	readonly sources: readonly EntrySource[];
	readonly report: SourceReport;
	readonly crcs: KnownCrcs;
	readonly crcCache: CrcCache;
	/** Of the archive, as bytes. */
	readonly comment: Uint8Array;
}

/** The most that one reading holds of contents before their turn. */
const READ_AHEAD_SIZE = 4 * MiB;

/** What all readings of the process hold of contents before their turn: hundreds of slow clients have to fit. */
const readAhead = new SharedBytes(16 * MiB);

/** Entries that all readings of the process hold before their turn. */
const heldAhead = new FairShare(512);

interface ReadRangeOptions {
	readonly signal: AbortSignal;
	/** Called when a reading has ended early while contents are being read; has to abort the signal. */
	readonly onStop: () => void;
}

/** The bytes of the archive from `start` up to `end`, which is not included. */
export async function* readRange(
	layout: ReadableLayout,
	start: number,
	end: number,
	{ signal, onStop }: ReadRangeOptions,
): AsyncGenerator<Iterable<Uint8Array>, void, void> {
	const window = new ByteWindow(start, end);
	const { directory } = layout.survey;
	const directoryEnd = directory.offset + directory.size;
	const placing = { ...layout, window, signal, onStop };
	if (window.overlaps(0, directory.offset)) yield* data(layout, { ...placing, part: "data" });
	if (window.overlaps(directory.offset, directory.size))
		yield* headers(layout, { ...placing, part: "directory" });
	if (end > directoryEnd) yield [window.cut(directoryEnd, endOfCentralDirectory(directory, layout.comment))];
}

/** An entry whose content may be there already. */
interface FetchedEntry {
	readonly placed: PlacedEntry;
	readonly crc: ContentCrc | undefined;
	readonly bytes: Uint8Array | undefined;
}

/** Local headers, data and data descriptors. Small contents are read some time before their turn. */
async function* data(
	layout: ReadableLayout,
	placing: PlacingOptions & ReadRangeOptions,
): AsyncGenerator<Iterable<Uint8Array>, void, void> {
	const { window, signal, onStop } = placing;
	const fetch = (placed: PlacedEntry): FetchedEntry | Promise<FetchedEntry> => {
		const { content, size, entry } = placed.seen;
		if (content === undefined) return { placed, crc: undefined, bytes: undefined };
		const crc = new ContentCrc(content, layout.crcCache, entry.origin);
		const isRead =
			size > 0 &&
			size <= BLOCK_SIZE &&
			window.holds(placed.offset, placed.extent.size) &&
			readAhead.take(size);
		return isRead ? fetched(placed, crc, signal) : { placed, crc, bytes: undefined };
	};
	const lookAhead = lookAheadOf(layout.sources);
	const limit = {
		get count() {
			return heldAhead.upTo(lookAhead.count);
		},
		weight: Math.min(lookAhead.size, READ_AHEAD_SIZE),
		weigh: ({ seen: { size } }: PlacedEntry) => Math.min(size, BLOCK_SIZE),
	};
	const discard = ({ bytes }: FetchedEntry) => readAhead.give(bytes?.byteLength ?? 0);
	heldAhead.enter();
	try {
		for await (const batch of mapInOrder(placedEntries(placing), fetch, limit, { signal, onStop, discard })) {
			for (const one of batch) {
				const { placed, crc, bytes } = one;
				try {
					yield* entryBytes(placed, window, crc, bytes, signal);
					if (crc?.known !== undefined) layout.crcs.set(placed.index, crc.known);
				} finally {
					discard(one);
				}
			}
		}
	} finally {
		heldAhead.leave();
	}
}

/** Gives back what was taken of {@link readAhead} if it fails. */
async function fetched(placed: PlacedEntry, crc: ContentCrc, signal: AbortSignal): Promise<FetchedEntry> {
	const { size } = placed.seen;
	try {
		const bytes = Buffer.allocUnsafeSlow(size);
		let filled = 0;
		for await (const chunk of crc.read(0, size, signal)) {
			bytes.set(chunk, filled);
			filled += chunk.byteLength;
		}
		return { placed, crc, bytes };
	} catch (error) {
		readAhead.give(size);
		throw error;
	}
}

/** The central directory. What is not known of contents is read now, some at once. */
async function* headers(
	layout: ReadableLayout,
	placing: PlacingOptions & ReadRangeOptions,
): AsyncGenerator<Iterable<Uint8Array>, void, void> {
	const { window, signal, onStop } = placing;
	const header = ({ seen, extent, offset, centralOffset }: PlacedEntry, crc32: number): Uint8Array => {
		const { form, whole, dataSize } = extent;
		const facts = entryHeader(seen, form === "wrapped" ? DEFLATED : STORED, whole);
		const totals = { crc32, compressedSize: dataSize, uncompressedSize: seen.size };
		return window.cut(centralOffset, centralHeader(seen, facts, totals, offset));
	};
	const headerOf = (placed: PlacedEntry): Uint8Array | Promise<Uint8Array> => {
		const { index, seen } = placed;
		const known = seen.content === undefined ? 0 : layout.crcs.get(index);
		if (known !== undefined) return header(placed, known);
		return findCrc(layout, placed, signal).then((crc32) => header(placed, crc32));
	};
	const limit = { count: lookAheadOf(layout.sources).count, weight: MiB, weigh: () => 1 };
	yield* mapInOrder(placedEntries(placing), headerOf, limit, { signal, onStop });
}

async function findCrc(
	{ crcCache, crcs }: ReadableLayout,
	{ index, seen }: PlacedEntry,
	signal: AbortSignal,
): Promise<number> {
	const { content, entry } = seen;
	if (content === undefined) return 0;
	const value = await new ContentCrc(content, crcCache, entry.origin).find(signal);
	crcs.set(index, value);
	return value;
}
