import { Readable } from "node:stream";
import { crc32 } from "../bytes/crc32.ts";
import { formatNumber } from "../bytes/units.ts";
import { ArchiveError } from "./archive-error.ts";
import type { EntryFacts } from "./entry.ts";
import { type DataEnd, methodOf } from "./methods.ts";

/**
 * Decompresses the data of a small entry at once, and checks its size and CRC-32.
 *
 * @param data - All its bytes in the archive. If they are stored, the result is the same bytes.
 * @throws {ArchiveError} `ENTRY_CORRUPT`, `ENTRY_UNSUPPORTED`
 */
export function decompressNow(location: string, entry: EntryFacts, data: Uint8Array): Uint8Array {
	const method = methodOf(location, entry);
	const corrupt = (reason: string, cause?: unknown) => corruptEntry(location, entry, reason, cause);
	let result: ReturnType<typeof method.now>;
	try {
		result = method.now(data, entry.uncompressedSize);
	} catch (error) {
		throw corrupt(reasonOf(error), error);
	}
	const { output, used } = result;
	if (used !== data.byteLength) throw corrupt(TOO_MUCH_REASON);
	if (output.byteLength !== entry.uncompressedSize) throw corrupt(sizeReason(entry, output.byteLength));
	if (crc32(output) !== entry.crc32) throw corrupt(CRC_REASON);
	return output;
}

/**
 * Decompresses the data of an entry as it comes in, and checks its size and CRC-32: the chunks that come out are right only
 * if it ends without an error. More bytes than the archive states end it at once.
 *
 * @param data - All its bytes in the archive.
 * @throws {ArchiveError} `ENTRY_CORRUPT`, `ENTRY_UNSUPPORTED`; errors of `data` pass as they are.
 */
export async function* decompress(
	location: string,
	entry: EntryFacts,
	data: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
	const method = methodOf(location, entry);
	const inflate = method.stream();
	const end = method.end?.();
	const corrupt = (reason: string, cause?: unknown) => corruptEntry(location, entry, reason, cause);
	let size = 0;
	let crc = 0;
	for await (const chunk of inflate === undefined ? data : inflated(data, inflate, end, corrupt)) {
		size += chunk.byteLength;
		if (size > entry.uncompressedSize) throw corrupt(sizeReason(entry, size));
		crc = crc32(chunk, crc);
		yield chunk;
	}
	if (inflate !== undefined && inflate.bytesWritten !== entry.compressedSize) throw corrupt(TOO_MUCH_REASON);
	if (size !== entry.uncompressedSize) throw corrupt(sizeReason(entry, size));
	if (crc !== entry.crc32) throw corrupt(CRC_REASON);
}

const TOO_MUCH_REASON = "has more data than its compressed stream";
const NO_DATA_REASON = "is damaged: its data cannot be decompressed (no complete Zstandard frame)";
const CRC_REASON = "is damaged: its CRC-32 is not the one that the archive states";

async function* inflated(
	data: AsyncIterable<Uint8Array>,
	inflate: NonNullable<ReturnType<ReturnType<typeof methodOf>["stream"]>>,
	end: DataEnd | undefined,
	corrupt: (reason: string, cause?: unknown) => ArchiveError,
): AsyncGenerator<Uint8Array, void, void> {
	const failure = new SourceFailure();
	const input = Readable.from(failure.watch(end === undefined ? data : upToEnd(data, end)), {
		objectMode: false,
	});
	input.on("error", (error) => inflate.destroy(error));
	input.pipe(inflate);
	try {
		yield* inflate as AsyncIterable<Uint8Array>;
	} catch (error) {
		if (failure.error instanceof EndError) throw corrupt(failure.error.message);
		if (failure.error !== undefined) throw failure.error;
		throw corrupt(reasonOf(error), error);
	} finally {
		inflate.destroy();
		input.destroy();
	}
}

/** The compressed data is not what it has to be; the message goes on behind the name of the entry. */
class EndError extends Error {}

/** The same data, if it ends where its method says, and nothing is behind that. */
async function* upToEnd(
	data: AsyncIterable<Uint8Array>,
	end: DataEnd,
): AsyncGenerator<Uint8Array, void, void> {
	for await (const bytes of data) {
		const count = end.pass(bytes);
		if (count === undefined) throw new EndError(NO_DATA_REASON);
		if (count < bytes.byteLength) throw new EndError(TOO_MUCH_REASON);
		yield bytes;
	}
	if (!end.reached) throw new EndError(NO_DATA_REASON);
}

/** Tells a failure of the data's source from one of decompressing it. */
class SourceFailure {
	error: unknown;

	async *watch(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
		try {
			yield* data;
		} catch (error) {
			this.error = error;
			throw error;
		}
	}
}

function sizeReason({ uncompressedSize }: EntryFacts, size: number): string {
	const stated = `${formatNumber(uncompressedSize)} that the archive states`;
	if (size > uncompressedSize) return `is damaged: it has more bytes than the ${stated}`;
	return `is damaged: it has ${formatNumber(size)} bytes instead of the ${stated}`;
}

/** The words of zlib. */
function reasonOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException; // what zlib throws
	if (code === "ERR_BUFFER_TOO_LARGE") return "is damaged: it has more bytes than the archive states";
	return `is damaged: its data cannot be decompressed (${message})`;
}

function corruptEntry(location: string, entry: EntryFacts, reason: string, cause?: unknown): ArchiveError {
	const { name, offset } = entry;
	return new ArchiveError("ENTRY_CORRUPT", reason, { location, entryName: name, offset, cause });
}
