import type { Batches } from "../../async/batches.ts";
import { crc32 } from "../../bytes/crc32.ts";
import { KiB } from "../../bytes/units.ts";
import type { ZipferryEventListener } from "../../events.ts";
import type { MeasurableEntry } from "../../sources/entry-source.ts";
import { openSources, sourceReport } from "../../sources/open-sources.ts";
import type { SourceSettings } from "../../sources/options.ts";
import { type ComparedEntry, withoutSlash } from "./compared-entry.ts";

/** Bytes that are read at once. */
const CHUNK_SIZE = 256 * KiB;

/** What to look at on disk. */
export interface TreeRequest {
	readonly path: string;
	readonly sources: SourceSettings;
	/** Reads files, for their CRC-32. */
	readonly withContent: boolean;
	readonly signal: AbortSignal | undefined;
	readonly onEvent: ZipferryEventListener;
}

/**
 * What an archive of a directory would have, in its order.
 *
 * @throws {SourceError} for a path that leads nowhere, and for what cannot be read.
 */
export async function* treeEntries(
	request: TreeRequest,
): Batches<ComparedEntry> & AsyncGenerator<Iterable<ComparedEntry>, void, void> {
	const { path, sources, onEvent, signal } = request;
	const opened = await openSources([{ path }], sources, 0);
	const measure = new Measure(request.withContent, signal);
	for (const source of opened) {
		for await (const batch of source.entries(sourceReport(sources, onEvent))) {
			for (const entry of batch) {
				signal?.throwIfAborted();
				yield [await measure.of(entry)];
			}
		}
	}
}

class Measure {
	readonly #withContent: boolean;
	readonly #signal: AbortSignal;
	readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_SIZE);

	constructor(withContent: boolean, signal: AbortSignal | undefined) {
		this.#withContent = withContent;
		this.#signal = signal ?? new AbortController().signal;
	}

	async of(entry: MeasurableEntry): Promise<ComparedEntry> {
		const { kind } = entry;
		const facts = { path: withoutSlash(entry.name), kind, time: "disk" } as const;
		const mode = entry.mode & 0o7777;
		if (kind === "directory")
			return { ...facts, size: undefined, crc32: undefined, mtimeMs: entry.mtimeMs, mode };
		// The target of a link is read as well: it is its content.
		if (kind === "symlink") return { ...facts, mtimeMs: entry.mtimeMs, mode, ...(await this.#read(entry)) };
		const measures = await entry.measure?.();
		const { size = entry.size, mtimeMs = entry.mtimeMs } = measures ?? {};
		const measured = { ...facts, mtimeMs, mode: (measures?.mode ?? entry.mode) & 0o7777 };
		if (!this.#withContent) return { ...measured, size, crc32: undefined };
		return { ...measured, ...(await this.#read(entry)) };
	}

	async #read(entry: MeasurableEntry): Promise<{ readonly size: number; readonly crc32: number }> {
		const whole = entry.readAtOnce?.((size) => Buffer.allocUnsafe(size));
		if (whole !== undefined) return { size: whole.bytes.byteLength, crc32: crc32(whole.bytes) };
		const reader = await entry.open(this.#signal);
		try {
			let size = 0;
			let crc = 0;
			for (;;) {
				this.#signal.throwIfAborted();
				const count = await reader.read(this.#buffer);
				if (count === 0) return { size, crc32: crc };
				size += count;
				crc = crc32(this.#buffer.subarray(0, count), crc);
			}
		} finally {
			await reader.close();
		}
	}
}
