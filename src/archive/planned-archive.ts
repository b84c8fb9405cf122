import { Iteration } from "../async/iteration.ts";
import type { ChunkMemory } from "../bytes/chunk-memory.ts";
import { SourceError } from "../errors.ts";
import type { ZipferryEvent, ZipferryEventListener } from "../events.ts";
import type { EntrySource } from "../sources/entry-source.ts";
import { closeSources, openSources, sourceReport } from "../sources/open-sources.ts";
import type { OpeningSettings } from "../sources/options.ts";
import type { Source } from "../sources/source.ts";
import type { ArchiveSummary } from "../zip/assemble.ts";
import { encodeArchiveComment } from "../zip/format/archive-comment.ts";
import { displayName } from "../zip/format/entry-name.ts";
import { warnOfNames } from "./entry-names.ts";
import type { MakeSettings } from "./options.ts";
import { type ArchivePlan, type PlanOptions, planArchive } from "./plan.ts";
import { guardListener, type RunReport } from "./run-report.ts";
import { archiveOf } from "./zip-stream.ts";

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
	/** Ends what sources have started, such as commands; to be called in any case, and waited for. */
	close(): Promise<void>;
}

/** What planning is told; see {@link PlanOptions.sizesMatter}. */
type PlanZipSettings = MakeSettings & Pick<OpeningSettings, "own"> & Pick<PlanOptions, "sizesMatter">;

/**
 * Looks through the sources and prepares one archive of them.
 *
 * @param report - Gets what was found and left out while looking; silent by default, as the run itself reports it.
 * @throws {SourceError} for what is missing, unreadable or empty.
 * @throws {DuplicateEntryError}
 * @throws {InvalidOptionError} for a source that is none.
 */
export async function planZip(
	sources: Source | readonly Source[],
	options: PlanZipSettings,
	report?: RunReport,
): Promise<PlannedArchive> {
	const told = report?.onEvent ?? guardListener(options.onEvent);
	const opening = { ...options, onEvent: told };
	const opened = await openSources(isList(sources) ? sources : [sources], opening, Date.now());
	try {
		return await planOpened(opened, options, report, told);
	} catch (error) {
		await closeSources(opened);
		throw error;
	}
}

/** @param told - Is told of the requests of sources, for which a run may wait long, also while nothing else is reported. */
async function planOpened(
	opened: readonly EntrySource[],
	options: PlanZipSettings,
	report: RunReport | undefined,
	told: ZipferryEventListener,
): Promise<PlannedArchive> {
	const commentSize = encodeArchiveComment(options.comment).byteLength;
	const { method, mtime, maxMtime, portableNames, sizesMatter, signal } = options;
	let leftOut: string | undefined;
	const tell: ZipferryEventListener = (event) => {
		if (event.type === "warning" && event.code === "UNREADABLE_SKIPPED") leftOut ??= event.message;
		if (event.type === "skipped") leftOut ??= `left out ${event.origin}: ${event.reason}`;
		return report !== undefined || IS_REQUEST.has(event.type) ? told(event) : undefined;
	};
	const listening = report && { onFound: foundTeller(tell), heard: () => report.heard(signal) };
	const planning = { method, mtime, maxMtime, portableNames, sizesMatter, commentSize, signal, ...listening };
	// Whoever listens wants to know what is found.
	const silent = report === undefined;
	const passing = { ...planning, passesOverRemote: silent, madeAfterwards: silent };
	const plan = await planArchive(opened, sourceReport(options, tell), passing);
	warnOfNames(plan, tell);
	if (plan.entryCount === 0 && plan.complete) refuseEmpty(options, leftOut);
	return {
		plan,
		repeatable: opened.every(({ rereadable }) => rereadable),
		open(run, abort, memory) {
			warnOfNames(plan, run.onEvent);
			return openArchive(opened, { ...options, signal: abort, expectedCount: plan.entryCount }, run, memory);
		},
		close: () => closeSources(opened),
	};
}

const IS_REQUEST: ReadonlySet<ZipferryEvent["type"]> = new Set(["request", "retry"]);

function foundTeller(onEvent: ZipferryEventListener): PlanOptions["onFound"] {
	return ({ entry: { name, kind }, size }) => onEvent({ type: "found", name: displayName(name), kind, size });
}

async function* openArchive(
	sources: readonly EntrySource[],
	options: MakeSettings & { readonly expectedCount: number },
	report: RunReport,
	memory: ChunkMemory,
): AsyncGenerator<Uint8Array, ArchiveSummary, void> {
	const { onEvent } = report;
	const reading = sourceReport(options, onEvent);
	const chunks = new Iteration(archiveOf(sources, { ...options, onEvent }, reading, report, memory));
	for await (const chunk of chunks) {
		const { byteLength } = chunk;
		yield chunk;
		report.onArchived(byteLength); // whoever asks for the next chunk has taken this one
		const hearing = report.heard(options.signal);
		if (hearing !== undefined) await hearing;
	}
	if (chunks.result.entryCount === 0) {
		const unread = report.warnings.find(({ code }) => code === "UNREADABLE_SKIPPED");
		refuseEmpty(options, unread?.message);
	}
	return chunks.result;
}

/** @param leftOut - The first that was left out. */
export function refuseEmpty({ allowEmpty }: Pick<MakeSettings, "allowEmpty">, leftOut?: string): void {
	if (allowEmpty) return;
	const why = leftOut ?? "the sources are empty, or filters leave nothing";
	throw new SourceError("SOURCE_EMPTY", `there is nothing to archive: ${why}`);
}

function isList(sources: Source | readonly Source[]): sources is readonly Source[] {
	return Array.isArray(sources);
}
