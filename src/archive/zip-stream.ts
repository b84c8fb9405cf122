import { Readable } from "node:stream";
import { anySignal } from "../async/any-signal.ts";
import { interruptible } from "../async/interruptible.ts";
import { webStreamOf } from "../async/web-stream.ts";
import { type ChunkMemory, OWN_CHUNKS } from "../bytes/chunk-memory.ts";
import { InvalidOptionError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import type { EntrySource, SourceReport } from "../sources/entry-source.ts";
import type { Content } from "../sources/generated/content.ts";
import { checkGeneratedEntry } from "../sources/generated/generated-source.ts";
import { destroyUnread, holdBackUnread } from "../sources/generated/unread-streams.ts";
import { allEntries, closeSources, lookAheadOf, openSources, sourceReport } from "../sources/open-sources.ts";
import type { GeneratedEntry, Source } from "../sources/source.ts";
import type { SourceOptions } from "../sources/source-options.ts";
import { archive } from "../zip/archive.ts";
import type { ArchiveSummary, AssemblerOptions } from "../zip/assemble.ts";
import { encodeArchiveComment } from "../zip/format/archive-comment.ts";
import type { ForeignRange, Span } from "../zip/spans.ts";
import { type Composition, tellingUnplanned } from "./composition.ts";
import { entryTeller } from "./entry-events.ts";
import { hears } from "./heard-events.ts";
import { ZIP_SCHEMA, type ZipOptions, type ZipSettings } from "./options.ts";
import { planArchive } from "./plan.ts";
import { guardListener } from "./run-report.ts";
import { runThreads } from "./run-threads.ts";

/** The size of an archive, predicted before it is made. */
export interface SizePrediction {
	/** Bytes. */
	readonly size: number;
	/** Whether the archive will have exactly this size; otherwise it has at most this. */
	readonly exact: boolean;
}

/**
 * A ZIP archive that is generated while it is read: from an `await` loop, as a Node or Web stream.
 *
 * Add entries, then read once. Sources are opened when their turn comes and closed when reading ends,
 * for whatever reason. Memory does not depend on the size of entries; the central directory takes about
 * 100 bytes for each entry.
 *
 * @example
 * ```ts
 * const zip = new ZipStream({ comment: "made on the fly" });
 * zip.add("hello.txt", "Hello!").add("data.bin", () => createReadStream("data.bin")).addPath("./photos");
 * for await (const chunk of zip) process.stdout.write(chunk);
 * ```
 */
export class ZipStream implements AsyncIterable<Uint8Array> {
	readonly #options: ZipSettings;
	readonly #sources: Source[] = [];
	readonly #now = Date.now();
	#summary: ArchiveSummary | undefined;
	#started = false;

	/**
	 * @param options - See {@link ZipOptions}.
	 * @throws {@link InvalidOptionError} for options out of range.
	 */
	constructor(options: ZipOptions = {}) {
		const settings = resolveOptions(ZIP_SCHEMA, options);
		this.#options = { ...settings, onEvent: guardListener(settings.onEvent) };
	}

	/**
	 * Adds one entry.
	 *
	 * @param name - Relative and `/`-separated. With a trailing slash, and no content, it is a directory.
	 * @param content - Text, bytes, a stream or iterable of them, or a function that returns one of these.
	 * @throws {@link InvalidEntryNameError} for a name that is empty, absolute, or has `..` in it.
	 * @throws {@link InvalidOptionError} for details out of range, and once the archive is being read.
	 */
	add(name: string, content?: Content, details: Omit<GeneratedEntry, "name" | "content"> = {}): this {
		const entry = { ...details, name, content };
		checkGeneratedEntry(entry, `sources[${this.#sources.length}]`);
		return this.#push(entry);
	}

	/**
	 * Adds a file, or a directory with all that is in it.
	 *
	 * @param as - Name it gets in the archive; `""` puts the contents of a directory at the root.
	 * By default the last part of the path.
	 */
	addPath(path: string, as?: string): this {
		// Given an explicit name, a path that is the only source is treated like one of several.
		return this.#push({ path, as: as ?? lastSegment(path) });
	}

	/** Adds entries that are made as they are needed: any number in constant memory. */
	addEntries(entries: Iterable<GeneratedEntry> | AsyncIterable<GeneratedEntry>): this {
		return this.#push(entries);
	}

	/** The archive, in chunks of up to 1 MiB. Can be read once. */
	[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
		const ending = new AbortController();
		return interruptible(this.#chunks(ending.signal), () => ending.abort());
	}

	/** The archive as a Node stream, for `pipeline()` and HTTP responses. */
	toReadable(): Readable {
		return Readable.from(this, { objectMode: false });
	}

	/** The archive as a Web stream, for `Response` and `fetch`. */
	toWebStream(): ReadableStream<Uint8Array> {
		return webStreamOf(this[Symbol.asyncIterator]());
	}

	/**
	 * Predicts the size of the archive from a look at the sources, without opening them: exact if nothing is
	 * compressed (method `"store"`), otherwise the largest possible size.
	 *
	 * @returns `undefined` if a source has no known size, such as iterables and streams without `size`.
	 * @throws {@link SourceError} for a source that is missing or unreadable.
	 * @throws {@link DuplicateEntryError} if two sources give the same name.
	 */
	async predictSize(): Promise<SizePrediction | undefined> {
		const sources = await openSources(this.#sources, this.#options, this.#now);
		try {
			const { method, mtime, maxMtime, portableNames, signal, comment } = this.#options;
			const commentSize = encodeArchiveComment(comment).byteLength;
			const report = sourceReport(this.#options, () => {});
			const planning = { method, mtime, maxMtime, portableNames, signal, commentSize };
			const { sizeBound, exact } = await planArchive(sources, report, planning);
			return sizeBound === undefined ? undefined : { size: sizeBound, exact };
		} finally {
			await closeSources(sources);
		}
	}

	/** Size, number of entries and use of ZIP64; `undefined` until the archive has been read to its end. */
	get summary(): ArchiveSummary | undefined {
		return this.#summary;
	}

	async *#chunks(ending: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
		this.#start();
		const { onEvent } = this.#options;
		const { signal, release } = anySignal(this.#options.signal, ending);
		let sources: readonly EntrySource[] = [];
		try {
			const options = { ...this.#options, signal };
			sources = await openSources(this.#sources, options, this.#now);
			const report = sourceReport(this.#options, onEvent);
			this.#summary = yield* archiveOf(sources, options, report);
		} finally {
			release();
			await closeSources(sources);
			destroyUnread(this.#sources);
		}
	}

	#push(source: Source): this {
		if (this.#started)
			throw new InvalidOptionError("the archive is being read; nothing can be added any more");
		holdBackUnread(source);
		this.#sources.push(source);
		return this;
	}

	#start(): void {
		if (this.#started) throw new InvalidOptionError("the archive was read before; make a new ZipStream");
		this.#started = true;
	}
}

function lastSegment(path: string): string {
	const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
	return segments.at(-1) === ".." ? "" : (segments.at(-1) ?? "");
}

/** Gets what is counted of an archive that is made. */
type ArchiveObserver = Pick<AssemblerOptions, "onBlock" | "onEntries">;

const NOBODY: ArchiveObserver = { onBlock() {} };

/** How the archive of sources is made. */
export interface ArchiveOfOptions<Range extends ForeignRange> extends Omit<ZipSettings, keyof SourceOptions> {
	/** Of entries, where that is known. */
	readonly expectedCount?: number | undefined;
	/** What need not be made of sources. */
	readonly composition?: Composition<Range> | undefined;
}

/** The archive of the sources, with its entries reported to those who hear of them. */
export function archiveOf<Range extends ForeignRange = never>(
	sources: readonly EntrySource[],
	options: ArchiveOfOptions<Range>,
	report: SourceReport,
	{ onBlock, onEntries }: ArchiveObserver = NOBODY,
	memory: ChunkMemory = OWN_CHUNKS,
): AsyncGenerator<Span<Range>, ArchiveSummary, void> {
	const { expectedCount = 0, composition } = options;
	const { items, placement } =
		composition === undefined
			? { items: allEntries(sources, report) }
			: composition.arrange(allEntries(sources.map(tellingUnplanned), report), options.signal);
	return archive<Range>(items, {
		placement,
		lookAhead: lookAheadOf(sources),
		method: options.method,
		level: options.level,
		comment: encodeArchiveComment(options.comment),
		concurrency: options.compressConcurrency,
		signal: options.signal,
		runThreads: sources.some(({ hasThreadFiles }) => hasThreadFiles === true)
			? runThreads(options.compressConcurrency, expectedCount)
			: undefined,
		onBlock,
		memory,
		onUnreadable: (entry, error) => report.onUnreadable(entry.origin, error),
		onEntries,
		onEntry: hears(options.onEvent, "entry") ? entryTeller(options.onEvent) : undefined,
	});
}
