import { contentBefore, DataWrapper } from "../../../zip/blocks/wrapped-data.ts";
import { entryHeader } from "../../../zip/entry-header.ts";
import { DEFLATED, dataDescriptor, localFileHeader, NO_TOTALS, STORED } from "../../../zip/format/records.ts";
import type { ContentCrc } from "../crc/content-crc.ts";
import type { ByteWindow } from "./byte-window.ts";
import type { PlacedEntry } from "./placed-entries.ts";

/**
 * What is in the window of the local header, the data and the data descriptor of an entry.
 *
 * @param crc - Of its content; a directory has none.
 * @param bytes - All of its content, if that was read before.
 */
export async function* entryBytes(
	{ seen, extent, offset }: PlacedEntry,
	window: ByteWindow,
	crc: ContentCrc | undefined,
	bytes: Uint8Array | undefined,
	signal: AbortSignal,
): AsyncGenerator<Iterable<Uint8Array>, void, void> {
	const { form, whole, headerSize, dataSize, descriptorSize } = extent;
	const header = entryHeader(seen, form === "wrapped" ? DEFLATED : STORED, whole);
	const totals = async () => ({
		crc32: (await crc?.find(signal)) ?? 0,
		compressedSize: dataSize,
		uncompressedSize: seen.size,
	});
	if (window.overlaps(offset, headerSize))
		yield [window.cut(offset, localFileHeader(header, whole ? await totals() : NO_TOTALS))];
	const dataOffset = offset + headerSize;
	if (crc !== undefined && window.overlaps(dataOffset, dataSize)) {
		if (bytes !== undefined) yield [window.cut(dataOffset, bytes)];
		else {
			const { start, end } = window.within(dataOffset, dataSize);
			yield* form === "wrapped"
				? wrapped(crc, seen.size, start, end, signal)
				: stored(crc, start, end, signal);
		}
	}
	if (window.overlaps(dataOffset + dataSize, descriptorSize))
		yield [window.cut(dataOffset + dataSize, dataDescriptor(header, await totals()))];
}

async function* stored(
	crc: ContentCrc,
	start: number,
	end: number,
	signal: AbortSignal,
): AsyncGenerator<Iterable<Uint8Array>, void, void> {
	for await (const chunk of crc.read(start, end, signal)) yield [chunk];
}

async function* wrapped(
	crc: ContentCrc,
	size: number,
	start: number,
	end: number,
	signal: AbortSignal,
): AsyncGenerator<Iterable<Uint8Array>, void, void> {
	const wrapper = new DataWrapper(size, start, end);
	for await (const chunk of crc.read(contentBefore(start), contentBefore(end), signal))
		yield wrapper.wrap(chunk);
	yield wrapper.wrap(NOTHING);
}

const NOTHING = new Uint8Array(0);
