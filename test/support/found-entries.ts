import type { ZipferryEvent } from "../../src/events.ts";
import type { MeasurableEntry } from "../../src/sources/entry-source.ts";
import { allEntries, openSources, sourceReport } from "../../src/sources/open-sources.ts";
import type { Source } from "../../src/sources/source.ts";
import type { SourceOptions } from "../../src/sources/source-options.ts";
import type { EntryReader } from "../../src/zip/entry.ts";
import { itemsOf } from "./batches.ts";
import { sourceSettings } from "./settings.ts";

/** Time of generated entries that have none. */
export const NOW: number = Date.UTC(2024, 5, 1);

/** What sources give, and the events on the way. */
export interface FoundEntries {
	readonly entries: readonly MeasurableEntry[];
	/** As UTF-8. */
	readonly names: readonly string[];
	readonly events: readonly ZipferryEvent[];
}

export async function findEntries(
	sources: Source | readonly Source[],
	options: SourceOptions = {},
): Promise<FoundEntries> {
	const entries: MeasurableEntry[] = [];
	const events: ZipferryEvent[] = [];
	for await (const entry of entriesOf(sources, options, events)) entries.push(entry);
	return { entries, names: entries.map(nameOf), events };
}

/** The same, one entry at a time. With blocking calls, as the command does, unless the options say otherwise. */
export async function* entriesOf(
	sources: Source | readonly Source[],
	options: SourceOptions = {},
	events: ZipferryEvent[] = [],
): AsyncGenerator<MeasurableEntry, void, void> {
	yield* itemsOf(foundIn(sources, options, events));
}

/** The same in the batches in which they are found. */
export async function* foundIn(
	sources: Source | readonly Source[],
	{ blockingReads = true, ...others }: SourceOptions = {},
	events: ZipferryEvent[] = [],
): AsyncGenerator<Iterable<MeasurableEntry>, void, void> {
	const list = Array.isArray(sources) ? (sources as readonly Source[]) : [sources as Source];
	const settings = sourceSettings({ ...others, blockingReads });
	const opened = await openSources(list, settings, NOW);
	const report = sourceReport(settings, (event) => events.push(event));
	yield* allEntries(opened, report);
}

export function nameOf({ name }: Pick<MeasurableEntry, "name">): string {
	return Buffer.from(name).toString("utf8");
}

/** All that a reader gives, asked for `step` bytes at a time; closes it. */
export async function readAll(reader: EntryReader, step = 1000): Promise<Buffer> {
	const pieces: Buffer[] = [];
	try {
		for (;;) {
			const piece = Buffer.alloc(step);
			const count = await reader.read(piece);
			if (count === 0) return Buffer.concat(pieces);
			pieces.push(piece.subarray(0, count));
		}
	} finally {
		await reader.close();
	}
}
