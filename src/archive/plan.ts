import type { Batches } from "../async/batches.ts";
import { mapInOrder } from "../async/map-in-order.ts";
import { Turns } from "../async/turns.ts";
import { MiB } from "../bytes/units.ts";
import type { EntrySource, MeasurableEntry, Measures, SourceReport } from "../sources/entry-source.ts";
import { entryTime } from "../sources/entry-time.ts";
import { PathFiles } from "../sources/files/entries/path-files.ts";
import type { SourceSettings } from "../sources/options.ts";
import type { MethodChoice } from "../zip/entry.ts";
import { SizeBound } from "../zip/format/size-bound.ts";
import { EntryNames, type NameFindings } from "./entry-names.ts";

/** Facts about an archive before anything is read. */
export interface ArchivePlan extends NameFindings {
	/** Entries found; those of sources that were not looked through are not among them. */
	readonly entryCount: number;
	/** Bytes of all files found. */
	readonly sourceSize: number;
	/** Whether all sources were looked through; iterables that give their entries only once are not. */
	readonly complete: boolean;
	/** Bytes that the archive cannot exceed; `undefined` if that is not known. */
	readonly sizeBound: number | undefined;
	/** Whether the archive will have exactly that size: nothing in it is compressed. */
	readonly exact: boolean;
	/** Whether an archive of that size needs ZIP64. */
	readonly zip64: boolean;
	/** Bytes of the directory at most, without entries whose names are not known. */
	readonly directorySize: number;
	/** Entries that are objects of buckets. */
	readonly objectCount: number;
	/** Bytes of these objects. */
	readonly objectSize: number;
}

export interface PlanOptions extends Pick<SourceSettings, "mtime" | "maxMtime" | "portableNames"> {
	readonly method: MethodChoice | undefined;
	/** Length of the archive comment, bytes. */
	readonly commentSize: number;
	readonly signal: AbortSignal | undefined;
	/**
	 * Does not list a remote source that is the only one: its size is not known then, as with streams, and its listing is
	 * read once instead of twice. Names of it cannot collide, unless they are changed.
	 *
	 * @defaultValue `false`
	 */
	readonly passesOverRemote?: boolean | undefined;
	/**
	 * Whether anybody wants to know sizes. Without them nothing is looked at that the listing of a directory has told already.
	 *
	 * @defaultValue `true`
	 */
	readonly sizesMatter?: boolean | undefined;
	/**
	 * Whether the archive is made of the same sources afterwards: they may keep what they learn for then.
	 *
	 * @defaultValue `false`
	 */
	readonly madeAfterwards?: boolean | undefined;
	/** Gives the listener the time it needs. */
	readonly heard?: (() => Promise<unknown> | undefined) | undefined;
	/** Gets each entry that is counted. */
	readonly onFound?: ((found: FoundEntry) => void | Promise<void>) | undefined;
}

const LOOK_UPS = 32;

/** Entries that are looked at together, or one by one. */
type Planned = MeasurableEntry | PathFiles;

/** What is known of them; `undefined` if it is left out. */
type Measured = FoundEntry | PathFiles | undefined;

/** An entry with what a look at it has told. */
export interface FoundEntry {
	readonly entry: MeasurableEntry;
	/** Bytes; `undefined` if only reading it will tell. */
	readonly size: number | undefined;
	readonly mtimeMs: number;
	/** Permission bits, and maybe the file type above them. */
	readonly mode: number;
	/** See {@link Measures.ctimeMs}. */
	readonly ctimeMs?: number | undefined;
	/** Whether its content can be read once only, so that whoever reads it takes it from the archive. */
	readonly readOnce?: boolean | undefined;
}

/**
 * Goes through the sources once without opening a file: counts, adds up and finds entries that would
 * collide, while nothing has been sent yet.
 *
 * @throws {DuplicateEntryError}
 * @throws {SourceError} for what cannot be looked at, unless it is to be left out.
 */
export async function planArchive(
	sources: readonly EntrySource[],
	report: SourceReport,
	options: PlanOptions,
): Promise<ArchivePlan> {
	const { signal, onFound, heard, sizesMatter = true, madeAfterwards } = options;
	const bound = new SizeBound(options.method);
	const names = new EntryNames(sources, options.portableNames);
	let entryCount = 0;
	let sourceSize = 0;
	let objectCount = 0;
	let objectSize = 0;
	let known = true;
	let readOnce = false; // of the source that is looked through
	const turns = new Turns(); // on a local disk nothing is waited for
	const leaveOut = (entry: MeasurableEntry, error: unknown) => {
		report.onUnreadable(entry.origin, error);
		return undefined;
	};
	const measured = (entry: MeasurableEntry, measures: Measures | undefined): FoundEntry => {
		const mtimeMs = measures === undefined ? entry.mtimeMs : entryTime(options, measures.mtimeMs);
		const { size = entry.size, mode = entry.mode } = measures ?? {};
		return { entry, size, mtimeMs, mode, ctimeMs: measures?.ctimeMs, readOnce };
	};
	const measure = (entry: MeasurableEntry) => {
		if (!sizesMatter) return measured(entry, undefined);
		try {
			const measures = entry.measure?.();
			if (!(measures instanceof Promise)) return measured(entry, measures);
			return measures.then(
				(found) => measured(entry, found),
				(error: unknown) => leaveOut(entry, error),
			);
		} catch (error) {
			return leaveOut(entry, error);
		}
	};
	const look = (item: Planned): Measured | Promise<Measured> =>
		item instanceof PathFiles ? item : measure(item);
	const count = (found: FoundEntry): void | Promise<void> => {
		const { entry, size, mtimeMs } = found;
		const { name, kind, comment, method, raw } = entry;
		names.add(entry);
		bound.add({ name, kind, size, mtimeMs, comment, method, raw });
		entryCount += 1;
		sourceSize += size ?? 0;
		return onFound?.(found);
	};
	const countFiles = async (files: PathFiles) => {
		const stats = sizesMatter ? files.lookNow() : [];
		if (stats === undefined) {
			for (const entry of files) {
				const found = await measure(entry);
				if (found !== undefined) await count(found);
			}
			return;
		}
		names.addFiles(files);
		entryCount += files.names.length;
		for (const [index, { size, mtimeMs }] of stats.entries()) {
			const name = { byteLength: files.start.length + (files.names[index]?.length ?? 0) };
			bound.add({ name, kind: "file", size, mtimeMs: entryTime(options, mtimeMs) });
			sourceSize += size;
		}
	};
	const passesOver = options.passesOverRemote === true && sources.length === 1 && !options.portableNames;
	for (const source of sources) {
		if (!source.repeatable || (passesOver && source.remote === true)) {
			known = false;
			continue;
		}
		names.startSource(source);
		readOnce = !source.rereadable;
		const before = { entryCount, sourceSize };
		const limit = { count: LOOK_UPS, weight: MiB, weigh: () => 1 };
		const entries = source.entries(report, madeAfterwards);
		const planned = onFound === undefined ? filesTogether(entries) : entries;
		for await (const batch of mapInOrder(planned, look, limit, { signal })) {
			for (const found of batch) {
				if (turns.due) await turns.give();
				const hearing = heard?.();
				if (hearing !== undefined) await hearing;
				signal?.throwIfAborted();
				if (found instanceof PathFiles) await countFiles(found);
				else if (found !== undefined) {
					const counting = count(found);
					if (counting !== undefined) await counting;
				}
			}
		}
		if (source.pinned?.kind !== "objects") continue;
		objectCount += entryCount - before.entryCount;
		objectSize += sourceSize - before.sourceSize;
	}
	const sizeBound = sizesMatter && known && bound.known ? bound.bytes(options.commentSize) : undefined;
	const exact = sizeBound !== undefined && bound.exact;
	const { unportableCount, collisions } = names;
	return {
		...{ entryCount, sourceSize, complete: known, sizeBound, exact },
		...{ zip64: bound.zip64, directorySize: bound.directory.size, objectCount, objectSize },
		...{ unportableCount, collisions },
	};
}

/** Files of one directory as one item, where they come as such. */
async function* filesTogether(
	entries: Batches<MeasurableEntry>,
): AsyncGenerator<Iterable<Planned>, void, void> {
	for await (const batch of entries) yield batch instanceof PathFiles ? [batch] : batch;
}
