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
import type { ForeignRange, Span } from "../zip/spans.ts";
import type { Composition } from "./composition.ts";
import { warnOfNames } from "./entry-names.ts";
import type { MakeSettings } from "./options.ts";
import { type ArchivePlan, type FoundEntry, type PlanOptions, planArchive } from "./plan.ts";
import { guardListener, type RunReport } from "./run-report.ts";
import { type ArchiveOfOptions, archiveOf } from "./zip-stream.ts";

/** Sources that were looked through and are ready to be archived. */
export interface PlannedArchive<Range extends ForeignRange = never> {
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
	): AsyncGenerator<Span<Range>, ArchiveSummary, void>;
	/** Ends what sources have started, such as commands; to be called in any case, and waited for. */
	close(): Promise<void>;
}

/** What planning is told; see {@link PlanOptions.sizesMatter}. */
type PlanZipSettings = MakeSettings & Pick<OpeningSettings, "own"> & Pick<PlanOptions, "sizesMatter">;

/**
 * Looks through the sources and prepares one archive of them.
 *
 * @param report - Gets what was found and left out while looking; silent by default, as the run itself reports it.
 * @param composition - What need not be made of sources.
 * @throws {SourceError} for what is missing, unreadable or empty.
 * @throws {DuplicateEntryError}
 * @throws {InvalidOptionError} for a source that is none.
 */
export async function planZip<Range extends ForeignRange = never>(
	sources: Source | readonly Source[],
	options: PlanZipSettings,
	report?: RunReport,
	composition?: Composition<Range>,
): Promise<PlannedArchive<Range>> {
	const told = report?.onEvent ?? guardListener(options.onEvent);
	const opening = { ...options, onEvent: told };
	const opened = await openSources(isList(sources) ? sources : [sources], opening, Date.now());
	try {
		return await planOpened(opened, options, { report, told, composition });
	} catch (error) {
		await closeSources(opened);
		throw error;
	}
}

interface Planning<Range extends ForeignRange> {
	readonly report: RunReport | undefined;
	/** Is told of the requests of sources, for which a run may wait long, also while nothing else is reported. */
	readonly told: ZipferryEventListener;
	readonly composition: Composition<Range> | undefined;
}

async function planOpened<Range extends ForeignRange>(
	opened: readonly EntrySource[],
	options: PlanZipSettings,
	{ report, told, composition }: Planning<Range>,
): Promise<PlannedArchive<Range>> {
	const commentSize = encodeArchiveComment(options.comment).byteLength;
	const { method, mtime, maxMtime, portableNames, sizesMatter, signal } = options;
	let leftOut: string | undefined;
	const tell: ZipferryEventListener = (event) => {
		if (event.type === "warning" && event.code === "UNREADABLE_SKIPPED") leftOut ??= event.message;
		if (event.type === "skipped") leftOut ??= `left out ${event.origin}: ${event.reason}`;
		return report !== undefined || IS_REQUEST.has(event.type) ? told(event) : undefined;
	};
	const telling = report === undefined ? undefined : foundTeller(tell);
	const look = composition === undefined ? undefined : (found: FoundEntry) => composition.look(found);
	const onFound =
		look === undefined || telling === undefined
			? (look ?? telling)
			: (found: FoundEntry) => {
					telling(found);
					return look(found);
				};
	const heard = report === undefined ? undefined : () => report.heard(signal);
	const listening = { onFound, heard };
	const planning = { method, mtime, maxMtime, portableNames, sizesMatter, commentSize, signal, ...listening };
	// Whoever listens wants to know what is found.
	const silent = report === undefined;
	const passing = {
		...planning,
		passesOverRemote: silent && composition === undefined,
		madeAfterwards: silent,
	};
	const found = await planArchive(opened, sourceReport(options, tell), passing);
	const plan = composition === undefined ? found : await composition.decide(found);
	warnOfNames(plan, tell);
	if (plan.entryCount === 0 && plan.complete) refuseEmpty(options, leftOut);
	return {
		plan,
		repeatable: opened.every(({ rereadable }) => rereadable),
		open(run, abort, memory) {
			warnOfNames(plan, run.onEvent);
			const making = { ...options, signal: abort, expectedCount: plan.entryCount, composition };
			return openArchive(opened, making, run, memory);
		},
		close: () => closeSources(opened),
	};
}

const IS_REQUEST: ReadonlySet<ZipferryEvent["type"]> = new Set(["request", "retry"]);

function foundTeller(onEvent: ZipferryEventListener): (found: FoundEntry) => void {
	return ({ entry: { name, kind }, size }) => onEvent({ type: "found", name: displayName(name), kind, size });
}

async function* openArchive<Range extends ForeignRange>(
	sources: readonly EntrySource[],
	options: MakeSettings & Pick<ArchiveOfOptions<Range>, "expectedCount" | "composition">,
	report: RunReport,
	memory: ChunkMemory,
): AsyncGenerator<Span<Range>, ArchiveSummary, void> {
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
