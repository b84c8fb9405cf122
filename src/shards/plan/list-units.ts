import { advised } from "../../advice/advice-in-words.ts";
import type { RunReport } from "../../archive/run-report.ts";
import type { Batches } from "../../async/batches.ts";
import { Turns } from "../../async/turns.ts";
import { formatNumber } from "../../bytes/units.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { entryTime, type TimeSettings } from "../../sources/entry-time.ts";
import { isPortableName } from "../../sources/names/portable-names.ts";
import type { MethodChoice } from "../../zip/entry.ts";
import { encodeArchiveComment } from "../../zip/format/archive-comment.ts";
import { entryExtent } from "../../zip/format/entry-extent.ts";
import { displayName } from "../../zip/format/entry-name.ts";
import type { SizeBound } from "../../zip/format/size-bound.ts";
import { encodeRow } from "../entry-rows.ts";
import type { EntryPage } from "../manifest.ts";
import type { CopyCandidates } from "./copies/copy-candidates.ts";
import type { PageWriter } from "./page-writer.ts";
import type { FoundEntry } from "./sources/found-entry.ts";
import { mergeSorted } from "./sources/merge-sorted.ts";
import { NameOrder } from "./sources/name-order.ts";
import { UnitCutter } from "./unit-cutter.ts";
import type { Unit, UnitLimits } from "./units.ts";

/** All there is to archive, written down and counted. */
export interface ListedUnits {
	readonly units: readonly Unit[];
	readonly pages: readonly EntryPage[];
	readonly entryCount: number;
	/** Bytes of all files. */
	readonly sourceSize: number;
	/** Of the whole archive. */
	readonly bound: SizeBound;
	/** Bytes that it cannot exceed. */
	readonly sizeBound: number;
}

export interface ListingOptions extends TimeSettings {
	readonly method: MethodChoice;
	/** Of the archive. */
	readonly comment: string;
	readonly limits: UnitLimits;
	/** Gets the objects that may be copied; there if any may be. */
	readonly candidates?: CopyCandidates | undefined;
	readonly signal: AbortSignal;
	readonly report: RunReport;
}

/**
 * Goes through the sources once, in the order of names, and writes down what is found while it is found: memory does not depend on the
 * number of entries.
 *
 * @throws {DuplicateEntryError}
 * @throws {SourceError}
 */
export async function listUnits(
	sources: readonly Batches<FoundEntry>[],
	pages: PageWriter,
	{ method, comment, limits, candidates, signal, report, ...times }: ListingOptions,
): Promise<ListedUnits> {
	const { onEvent } = report;
	const cutter = new UnitCutter(method, limits, pages);
	const order = new NameOrder();
	const turns = new Turns();
	let entryCount = 0;
	let sourceSize = 0;
	let unportableCount = 0;
	for await (const batch of mergeSorted(sources, (one, other) => one.name < other.name)) {
		for (const { name, source, pin, of, stored: content } of batch) {
			if (turns.due) {
				await turns.give();
				signal.throwIfAborted();
			}
			order.add(name, of);
			const { kind, size, mtimeMs } = pin;
			const bytes = Buffer.from(name, "latin1");
			const text = displayName(bytes);
			if (!isPortableName(bytes, text)) unportableCount += 1;
			onEvent({ type: "found", name: text, kind, size });
			const counted = { name: bytes, kind, size, mtimeMs: entryTime(times, mtimeMs) };
			const waiting = cutter.add(counted, encodeRow({ name, source, ...pin }));
			if (content !== undefined && candidates !== undefined) {
				const { descriptorSize } = entryExtent({ ...counted, method });
				const end = cutter.bound.directory.offset - descriptorSize;
				candidates.add({ ...content, entry: entryCount, end, size });
			}
			if (waiting !== undefined) await waiting;
			const hearing = report.heard(signal);
			if (hearing !== undefined) await hearing;
			entryCount += 1;
			sourceSize += kind === "file" ? size : 0;
		}
	}
	const units = cutter.end();
	warnOfNames(unportableCount, onEvent);
	const { bound } = cutter;
	const sizeBound = bound.bytes(encodeArchiveComment(comment).byteLength);
	return { units, pages: await pages.end(), entryCount, sourceSize, bound, sizeBound };
}

const RENAME = { kind: "other", text: "rename them, or leave them out with a filter" } as const;

function warnOfNames(count: number, onEvent: ZipferryEventListener): void {
	if (count === 0) return;
	const names = count === 1 ? "1 name" : `${formatNumber(count)} names`;
	const problem = `${names} will not open on Windows or in strict readers`;
	onEvent({ type: "warning", code: "NAMES_NOT_PORTABLE", ...advised(problem, RENAME) });
}
