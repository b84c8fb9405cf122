import { anySignal } from "../async/any-signal.ts";
import type { HashAlgorithm } from "../bytes/hash/archive-hash.ts";
import { hashOfChunks } from "../bytes/hash/hash-of-chunks.ts";
import { ByteCounter, tap } from "../bytes/tap.ts";
import type { Warning } from "../events.ts";
import type { Source } from "../sources/source.ts";
import { type MakeOptions, planZip } from "./planned-archive.ts";
import { RunReport } from "./run-report.ts";

export interface CreateZipOptions extends MakeOptions {
	/** @defaultValue `"md5"` */
	readonly hash?: HashAlgorithm | "none" | undefined;
}

/** An archive that was written to its end. */
export interface CreateZipResult {
	/** Bytes of the archive. */
	readonly size: number;
	/** Hash of the whole archive, lower-case hex: the one that `hash` asked for, MD5 by default. */
	readonly md5?: string;
	readonly sha256?: string;
	readonly crc32?: string;
	/** Entries in the archive. */
	readonly entryCount: number;
	/** Whether anything in the archive needed ZIP64. */
	readonly zip64: boolean;
	/** Things left out: special files, links by option, and what could not be read with `skipErrors`. */
	readonly skippedCount: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}

/** Takes the archive, chunk after chunk, at its own pace; done with each when it asks for the next. */
export type WriteArchive = (chunks: AsyncIterable<Uint8Array>) => Promise<void>;

/**
 * Archives the sources into whatever `write` makes of the chunks.
 *
 * @throws as `uploadZip` does for options and sources, and what `write` throws.
 */
export async function createZip(
	sources: Source | readonly Source[],
	options: CreateZipOptions,
	write: WriteArchive,
): Promise<CreateZipResult> {
	const report = new RunReport(options.onEvent);
	const planned = await planZip(sources, options);
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
	const { signal } = anySignal(options.signal, run.signal);
	const { hash: algorithm = "md5" } = options;
	const counter = new ByteCounter();
	const hash = hashOfChunks(algorithm, sizeBound);
	let summary = { entryCount: 0, zip64: false };
	async function* chunks() {
		summary = yield* planned.open(report, signal, { reusable: true });
	}
	try {
		await write(tap(chunks(), counter, ...(hash === undefined ? [] : [hash])));
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
		await hash?.close();
	}
}
