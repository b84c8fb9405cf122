import { MiB } from "../../bytes/units.ts";
import { ArchiveReader } from "../../reader/archive-reader.ts";
import { memorySource } from "../../reader/ranged/memory-source.ts";
import { readRange } from "../../reader/ranged/ranged-source.ts";
import type { ExtractSettings } from "../options.ts";

/** Archives up to this size are read as a whole before anything is written, if all of them is needed. */
const LARGEST_HELD = 4 * MiB;

const held = new WeakSet<ArchiveReader>();

/** Whether reading bytes of an archive twice costs next to nothing. */
export function isNear(reader: ArchiveReader): boolean {
	return reader.source.identity.type === "file" || held.has(reader);
}

/**
 * A small archive that is far away, in memory: what is wrong with it is found while nothing has been written.
 *
 * @returns others as they are.
 */
export async function broughtNear(
	reader: ArchiveReader,
	{ patterns, signal }: Pick<ExtractSettings, "patterns" | "signal">,
): Promise<ArchiveReader> {
	const { source } = reader;
	const { location, size, identity } = source;
	if (identity.type === "file" || size > LARGEST_HELD || patterns.length > 0) return reader;
	const bytes = await readRange(source, 0, size, signal);
	const { source: memory, tail } = memorySource(location, bytes, identity);
	const near = new ArchiveReader({ source: { ...memory, close: () => source.close() }, tail });
	held.add(near);
	return near;
}
