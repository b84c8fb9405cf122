import { Iteration } from "../async/iteration.ts";
import type { ChunkMemory } from "../bytes/chunk-memory.ts";
import { formatNumber } from "../bytes/units.ts";
import { SourceError } from "../errors.ts";
import type { EventListener } from "../events.ts";
import { openSources, sourceReport } from "../sources/open-sources.ts";
import type { EntrySource, Source } from "../sources/source.ts";
import { encodeArchiveComment } from "../zip/archive.ts";
import type { ArchiveSummary } from "../zip/assemble.ts";
import { type ArchivePlan, planArchive } from "./plan.ts";
import type { RunReport } from "./run-report.ts";
import { archiveOf, checkZipOptions, type ZipOptions } from "./zip-stream.ts";

export interface MakeOptions extends ZipOptions {
	/**
	 * Makes an empty archive of sources that have nothing in them, instead of failing.
	 *
	 * @defaultValue `false`: an emptied source is not allowed to replace a good archive
	 */
	readonly allowEmpty?: boolean | undefined;
}

/** Sources that were looked through and are ready to be archived. */
export interface PlannedArchive {
	readonly plan: ArchivePlan;
	/** Whether the archive can be made more than once, with the same contents. */
	readonly repeatable: boolean;
	/**
	 * The archive; one call, one pass.
	 *
	 * @param memory - What its consumer says about memory.
	 */
	open(
		report: RunReport,
		signal: AbortSignal,
		memory: ChunkMemory,
	): AsyncGenerator<Uint8Array, ArchiveSummary, void>;
}

/**
 * Looks through the sources and prepares one archive of them.
 *
 * @param onEvent - Gets what was left out while looking; silent by default, as the run itself reports it.
 * @throws {SourceError} for what is missing, unreadable or empty.
 * @throws {DuplicateEntryError}
 * @throws {InvalidOptionError}
 */
export async function planZip(
	sources: Source | readonly Source[],
	options: MakeOptions,
	onEvent: EventListener = () => {},
): Promise<PlannedArchive> {
	checkZipOptions(options);
	const opened = await openSources(isList(sources) ? sources : [sources], options, Date.now());
	const commentSize = encodeArchiveComment(options.comment ?? "").byteLength;
	const { method, mtime, portableNames, signal } = options;
	const planning = { method, mtime, portableNames, commentSize, signal };
	const plan = await planArchive(opened, sourceReport(options, onEvent), planning);
	warnOfNames(plan, onEvent);
	if (plan.entryCount === 0 && opened.every(({ repeatable }) => repeatable)) refuseEmpty(options);
	return {
		plan,
		repeatable: opened.every(({ rereadable }) => rereadable),
		open(report, abort, memory) {
			warnOfNames(plan, report.onEvent);
			return openArchive(opened, { ...options, signal: abort }, report, memory);
		},
	};
}

function warnOfNames({ unportableCount }: ArchivePlan, onEvent: EventListener): void {
	if (unportableCount === 0) return;
	const names = unportableCount === 1 ? "1 name" : `${formatNumber(unportableCount)} names`;
	const message = `${names} will not open on Windows or in strict readers; --portable-names changes what they refuse`;
	onEvent({ type: "warning", code: "NAMES_NOT_PORTABLE", message });
}

async function* openArchive(
	sources: readonly EntrySource[],
	options: MakeOptions,
	report: RunReport,
	memory: ChunkMemory,
): AsyncGenerator<Uint8Array, ArchiveSummary, void> {
	const { onEvent } = report;
	const reading = sourceReport(options, onEvent);
	const chunks = new Iteration(archiveOf(sources, { ...options, onEvent }, reading, report.onBlock, memory));
	for await (const chunk of chunks) {
		report.onArchived(chunk.byteLength);
		yield chunk;
	}
	if (chunks.result.entryCount === 0) refuseEmpty(options);
	return chunks.result;
}

function refuseEmpty({ allowEmpty }: MakeOptions): void {
	if (allowEmpty === true) return;
	throw new SourceError(
		"SOURCE_EMPTY",
		"there is nothing to archive: the sources are empty, or filters leave nothing",
	);
}

function isList(sources: Source | readonly Source[]): sources is readonly Source[] {
	return Array.isArray(sources);
}
