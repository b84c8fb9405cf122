import { KiB } from "../../bytes/units.ts";
import { decompress, decompressNow } from "../../reader/decompress.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { bytesReader } from "../../zip/bytes-reader.ts";
import type { Entry, EntryReader, RawData } from "../../zip/entry.ts";
import { isMethod } from "../../zip/format/records.ts";
import type { MeasurableEntry } from "../entry-source.ts";
import { ChunkReader } from "../generated/chunk-reader.ts";
import { checkedData, drain } from "./checked-data.ts";
import { type ChosenEntry, originOf } from "./chosen-entries.ts";
import type { SharedRun } from "./shared-run.ts";

/** Bytes that are decompressed at once; above, setting a stream up costs less than holding everything else up. */
const AT_ONCE = 64 * KiB;

const DEFAULT_MODE: Readonly<Record<Entry["kind"], number>> = {
	file: 0o644,
	directory: 0o755,
	symlink: 0o777,
};

/**
 * An entry of another archive.
 *
 * Its data is decompressed and checked in any case, also where it is copied: no archive that is complete may have broken data in
 * it, and its own CRC-32 would not show who has broken it.
 */
export function archivedEntry(
	location: string,
	facts: ChosenEntry,
	run: SharedRun,
	inTurn: boolean,
): MeasurableEntry {
	const origin = originOf(location, facts);
	const { name, kind, mtimeMs } = facts.placed;
	const { comment, crc32, compressedSize, method } = facts;
	const uncompressedSize = kind === "directory" ? 0 : facts.uncompressedSize;
	const raw: RawData | undefined =
		kind === "file" && uncompressedSize > 0 && isMethod(method)
			? { method, crc32, compressedSize, uncompressedSize, open: (signal) => openCompressed(signal) }
			: undefined;
	const openCompressed = async (signal: AbortSignal): Promise<EntryReader> => {
		const data = await run.dataOf(facts, signal);
		if ("stream" in data) return streamed(checkedData(location, facts, data.stream), compressedSize, origin);
		await check(location, facts, data.data);
		return bytesReader(data.data, data.giveBack);
	};
	return {
		name,
		kind,
		origin,
		mtimeMs,
		mode: facts.mode ?? DEFAULT_MODE[kind],
		size: uncompressedSize,
		raw,
		inTurn,
		...(comment === "" ? {} : { comment }),
		async open(signal) {
			const data = await run.dataOf(facts, signal);
			if ("data" in data && uncompressedSize <= AT_ONCE) {
				// Stored data is the same bytes, in the memory of the run.
				return bytesReader(decompressNow(location, facts, data.data), data.giveBack);
			}
			const compressed = "data" in data ? once(data.data) : data.stream;
			const reader = streamed(decompress(location, facts, compressed), uncompressedSize, origin);
			return "data" in data ? closing(reader, data.giveBack) : reader;
		},
	};
}

async function check(location: string, facts: EntryFacts, data: Uint8Array): Promise<void> {
	if (facts.uncompressedSize <= AT_ONCE) decompressNow(location, facts, data);
	else await drain(decompress(location, facts, once(data)));
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	yield data;
}

function streamed(chunks: AsyncGenerator<Uint8Array, void, void>, size: number, origin: string): EntryReader {
	return new ChunkReader(chunks, undefined, size, origin);
}

/** The same reader, which tells when it is closed. */
function closing(reader: EntryReader, onClose: () => void): EntryReader {
	return {
		size: reader.size,
		read: (into) => reader.read(into),
		async close() {
			await reader.close();
			onClose();
		},
	};
}
