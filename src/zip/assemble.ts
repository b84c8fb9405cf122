import type { Batches } from "../async/batches.ts";
import type { ChunkMemory } from "../bytes/chunk-memory.ts";
import { type ArchiveSummary, Assembler, type AssemblerOptions } from "./assembler.ts";
import type { CompressedBlock } from "./blocks/compress-block.ts";
import type { DirectorySlice } from "./directory/slice.ts";
import type { FinishedRun, ForeignRange, Span } from "./spans.ts";

export type { ArchivedEntry, ArchiveSummary, AssemblerOptions } from "./assembler.ts";

export interface AssembleOptions extends AssemblerOptions {
	/** UTF-8 bytes, at most 65,535. */
	readonly comment: Uint8Array;
	readonly memory: ChunkMemory;
}

/** An archive of blocks, and of runs that were made before. */
export async function* assemble<Range extends ForeignRange = never>(
	items: Batches<CompressedBlock | FinishedRun<Range>>,
	options: AssembleOptions,
): AsyncGenerator<Iterable<Span<Range>>, ArchiveSummary, void> {
	const assembler = new Assembler<Range>(options);
	for await (const batch of items) yield assembler.layOut(batch);
	yield assembler.end(options.comment, options.memory);
	return assembler.summary;
}

/**
 * A run of entries without the central directory behind it: what goes into an archive, at any place, as a
 * {@link FinishedRun}.
 *
 * @returns its part of the central directory.
 */
export async function* assembleRun<Range extends ForeignRange = never>(
	items: Batches<CompressedBlock | FinishedRun<Range>>,
	options: Omit<AssemblerOptions, "start">,
): AsyncGenerator<Iterable<Span<Range>>, DirectorySlice, void> {
	const assembler = new Assembler<Range>({ ...options, start: 0 });
	for await (const batch of items) yield assembler.layOut(batch);
	return assembler.slice();
}
