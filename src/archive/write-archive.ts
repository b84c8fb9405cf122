import { anySignal } from "../async/any-signal.ts";
import type { ChunkMemory } from "../bytes/chunk-memory.ts";
import { hashOfChunks } from "../bytes/hash/hash-of-chunks.ts";
import { ByteCounter, tap } from "../bytes/tap.ts";
import { DestinationError } from "../errors.ts";
import type { Warning, ZipferryEventListener } from "../events.ts";
import type { Source } from "../sources/source.ts";
import { hears } from "./heard-events.ts";
import type { CreateZipSettings } from "./options.ts";
import { planZip } from "./planned-archive.ts";
import { RunReport } from "./run-report.ts";

/** An archive that is complete in its destination. */
export interface CreateZipResult {
	/** Bytes of the archive. */
	readonly size: number;
	/** MD5 of the whole archive, lower-case hex, if `hash` asked for it, as it does by default. */
	readonly md5?: string;
	/** SHA-256 of the whole archive, lower-case hex, if `hash` asked for it. */
	readonly sha256?: string;
	/** CRC-32 of the whole archive, eight lower-case hex digits, if `hash` asked for it. */
	readonly crc32?: string;
	/** Entries in the archive. */
	readonly entryCount: number;
	/** Whether anything in the archive needed ZIP64. */
	readonly zip64: boolean;
	/** Files left out: special files, links by option, and unreadable files with `skipErrors`. */
	readonly skippedCount: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}

/**
 * Archives the sources, and passes the chunks to `write`.
 *
 * @param memory - How `write` handles the memory of chunks.
 * @throws as `createZip` does for sources, and what `write` throws.
 */
export async function writeArchive(
	sources: Source | readonly Source[],
	settings: CreateZipSettings,
	memory: ChunkMemory,
	write: (chunks: AsyncGenerator<Uint8Array, void, void>, onEvent: ZipferryEventListener) => Promise<void>,
): Promise<CreateZipResult> {
	const report = new RunReport(settings.onEvent);
	const { hash: algorithm } = settings;
	// A hash is taken by a thread of its own where there is much to hash.
	const sizesMatter = algorithm !== "none" || hears(settings.onEvent, "planned");
	const planned = await planZip(sources, { ...settings, sizesMatter });
	const { entryCount, sourceSize, sizeBound, zip64 } = planned.plan;
	report.onEvent({
		type: "planned",
		entryCount,
		sourceSize,
		sizeBound,
		zip64,
		partSize: undefined,
		maxPartCount: undefined,
	});
	const run = new AbortController();
	const { signal } = anySignal(settings.signal, run.signal);
	const counter = new ByteCounter();
	const hash = hashOfChunks(algorithm, sizeBound);
	let summary = { entryCount: 0, zip64: false };
	let complete = false;
	async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
		summary = yield* planned.open(report, signal, memory);
		complete = true;
	}
	try {
		await write(tap(chunks(), counter, ...(hash === undefined ? [] : [hash])), report.onEvent);
		if (!complete) throw stoppedEarly(counter.total);
		return {
			size: counter.total,
			...(hash === undefined ? {} : { [algorithm]: await hash.digest() }),
			entryCount: summary.entryCount,
			zip64: summary.zip64,
			skippedCount: report.skippedCount,
			warnings: report.warnings,
		};
	} finally {
		run.abort(); // lets go of the caller's signal as well
		await planned.close();
		await hash?.close();
	}
}

function stoppedEarly(size: number): DestinationError {
	const message = `the destination took ${size} bytes and did not ask for the rest of the archive`;
	return new DestinationError(message);
}
