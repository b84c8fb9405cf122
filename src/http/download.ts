import type { ArchiveLayout } from "../archive/layout/archive-layout.ts";
import { planZip } from "../archive/planned-archive.ts";
import { RunReport } from "../archive/run-report.ts";
import { OWN_CHUNKS } from "../bytes/chunk-memory.ts";
import type { Source } from "../sources/source.ts";
import type { ByteRange } from "./conditions/byte-range.ts";
import { layOutDownload } from "./lay-out-download.ts";
import type { DescribeDownloadSettings } from "./options.ts";

/** An archive that is ready to be sent; nothing of its entries has been opened yet. */
export interface Download {
	/** Bytes; `undefined` if only making it will tell. */
	readonly size: number | undefined;
	/** Entries that are known before it is made. */
	readonly entryCount: number;
	/** Names its state; `undefined` if nothing does. */
	readonly version: string | undefined;
	/** Whether every change of its state shows in the version. */
	readonly settled: boolean;
	/** The latest time of an entry, milliseconds since 1970-01-01 UTC; `undefined` if it is not known. */
	readonly mtimeMs: number | undefined;
	/** Whether parts of it can be made, as often as one likes. */
	readonly ranged: boolean;
	/** The bytes of a range; the whole for no range, which is all that can be asked for where there are no parts, and once. */
	read(range: ByteRange | undefined, signal: AbortSignal): AsyncGenerator<Uint8Array, unknown, void>;
	/** Ends what sources have started; to be called in any case. */
	close(): Promise<void>;
}

/**
 * Looks through the sources: lays their archive out if its bytes are determined, otherwise plans it.
 *
 * @throws what is thrown for sources that are missing, empty or in each other's way.
 */
export async function openDownload(
	sources: Source | readonly Source[],
	settings: DescribeDownloadSettings,
): Promise<Download> {
	const kept = withKeptLists(sources);
	if (isDetermined(settings)) {
		const layout = await layOutDownload(kept, settings);
		if (layout !== undefined) return laidOut(layout);
	}
	return planned(kept, settings);
}

/** Whatever may be left out or compressed on the way is not known before. */
function isDetermined({ method, skipErrors, skipMissing }: DescribeDownloadSettings): boolean {
	return method === "wrap" && !skipErrors && !skipMissing;
}

function laidOut(layout: ArchiveLayout): Download {
	const { size, entryCount, digest, settled, mtimeMs } = layout;
	return {
		size,
		entryCount,
		version: digest,
		settled,
		mtimeMs: mtimeMs === 0 ? undefined : mtimeMs,
		ranged: true,
		read: ({ start, end } = { start: 0, end: size }, signal) => layout.read(start, end, signal),
		close: () => layout.close(),
	};
}

/** An archive that can be made once, from its beginning to its end. */
async function planned(
	sources: Source | readonly Source[],
	settings: DescribeDownloadSettings,
): Promise<Download> {
	const archive = await planZip(sources, settings);
	const { sizeBound, exact, entryCount } = archive.plan;
	const certain = exact && !settings.skipErrors && !settings.skipMissing;
	return {
		size: certain ? sizeBound : undefined,
		entryCount,
		version: undefined,
		settled: false,
		mtimeMs: undefined,
		ranged: false,
		read: (_range, signal) => archive.open(new RunReport(settings.onEvent), signal, OWN_CHUNKS),
		close: () => archive.close(),
	};
}

/** The same with lists of paths that can be gone through again: the sources are looked through more than once. */
function withKeptLists(sources: Source | readonly Source[]): readonly Source[] {
	const list: readonly Source[] = isList(sources) ? sources : [sources];
	return list.map((source) =>
		typeof source === "object" && source !== null && "paths" in source && isIterator(source.paths)
			? { ...source, paths: [...source.paths] }
			: source,
	);
}

/** Whether it can be gone through only once; whoever opens the sources refuses what is no iterable. */
function isIterator(paths: unknown): paths is Iterable<string | Uint8Array> {
	return typeof paths === "object" && paths !== null && Symbol.iterator in paths && "next" in paths;
}

function isList(sources: Source | readonly Source[]): sources is readonly Source[] {
	return Array.isArray(sources);
}
