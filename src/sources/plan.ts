import { DuplicateEntryError } from "../errors.ts";
import { displayName } from "../zip/entry-name.ts";
import { MiB } from "../zip/limits.ts";
import { mapInOrder } from "../zip/map-in-order.ts";
import { SizeBound } from "../zip/size-bound.ts";
import type { EntrySource, MeasurableEntry, SourceReport } from "./source.ts";

/** What is known of an archive before anything is read. */
export interface ArchivePlan {
	/** Entries found; those of iterables that give them only once are not among them. */
	readonly entryCount: number;
	/** Bytes of all files found. */
	readonly sourceSize: number;
	/** Bytes that the archive cannot exceed; `undefined` if that is not known. */
	readonly sizeBound: number | undefined;
	/** Whether an archive of that size needs ZIP64. */
	readonly zip64: boolean;
}

const LOOK_UPS = 32;

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
	commentSize: number,
	signal: AbortSignal | undefined,
): Promise<ArchivePlan> {
	const bound = new SizeBound();
	const origins = mayCollide(sources) ? new Map<string, string>() : undefined;
	let entryCount = 0;
	let sourceSize = 0;
	let known = true;
	const measure = async (entry: MeasurableEntry) => {
		try {
			return { entry, size: await (entry.measure?.() ?? entry.size) };
		} catch (error) {
			report.onUnreadable(entry.origin, error);
			return undefined;
		}
	};
	for (const source of sources) {
		if (!source.repeatable) {
			known = false;
			continue;
		}
		const limit = { count: LOOK_UPS, weight: MiB, weigh: () => 1 };
		for await (const measured of mapInOrder(source.entries(report), measure, limit, { signal })) {
			signal?.throwIfAborted();
			if (measured === undefined) continue;
			const { entry, size } = measured;
			if (origins !== undefined) refuseDuplicate(origins, entry);
			bound.add({ ...entry, size });
			entryCount += 1;
			sourceSize += size ?? 0;
		}
	}
	const sizeBound = known && bound.known ? bound.bytes(commentSize) : undefined;
	return { entryCount, sourceSize, sizeBound, zip64: bound.zip64 };
}

function refuseDuplicate(origins: Map<string, string>, entry: MeasurableEntry): void {
	const name = Buffer.from(entry.name).toString("latin1");
	const earlier = origins.get(name);
	if (earlier !== undefined) throw new DuplicateEntryError(displayName(entry.name), [earlier, entry.origin]);
	origins.set(name, entry.origin);
}

/**
 * One directory on disk cannot give a name twice, and neither can two under different names: names have to
 * be remembered for other sources only.
 */
function mayCollide(list: readonly EntrySource[]): boolean {
	if (list.some(({ repeatable, distinct }) => repeatable && !distinct)) return true;
	const prefixes = list.map(({ namePrefix }) => `${namePrefix}/`);
	return prefixes.some((prefix, index) =>
		prefixes.some(
			(other, otherIndex) => index !== otherIndex && (prefix === "/" || other.startsWith(prefix)),
		),
	);
}
