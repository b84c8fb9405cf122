import { createHash } from "node:crypto";
import type { EntrySource, SourceReport } from "../../sources/entry-source.ts";
import { FORMAT_VERSION } from "../../zip/format/format-version.ts";
import type { DirectoryTotals } from "../../zip/format/records.ts";
import { SizeBound } from "../../zip/format/size-bound.ts";
import { EntryNames } from "../entry-names.ts";
import { EntryChecks } from "./entry-checks.ts";
import { checkOf, stateOf } from "./entry-state.ts";
import { lookAtEntries, UNDETERMINED } from "./look.ts";
import { isSettled } from "./settled.ts";

/** What a look at all entries has told of their archive. */
export interface Survey {
	/** Bytes of the archive. */
	readonly size: number;
	/** Where its central directory is. */
	readonly directory: DirectoryTotals;
	/** The states of the entries, in their order. */
	readonly checks: EntryChecks;
	readonly digest: string;
	/** The latest of the entries, milliseconds since 1970. */
	readonly mtimeMs: number;
	readonly settled: boolean;
	readonly names: EntryNames;
}

export interface SurveyOptions {
	readonly portableNames: boolean;
	/** Of the archive, as bytes. */
	readonly comment: Uint8Array;
	readonly signal: AbortSignal;
}

const DIGEST_LENGTH = 32;

/**
 * Looks at all entries.
 *
 * @returns `undefined` if the archive is not determined.
 * @throws {DuplicateEntryError}
 * @throws {SourceError}
 */
export async function surveySources(
	sources: readonly EntrySource[],
	report: SourceReport,
	{ portableNames, comment, signal }: SurveyOptions,
): Promise<Survey | undefined> {
	const names = new EntryNames(sources, portableNames);
	const bound = new SizeBound("wrap");
	const checks = new EntryChecks();
	const digest = createHash("sha256");
	digest.update(`zipferry layout, wrap, ${FORMAT_VERSION}, ${comment.byteLength}\n`).update(comment);
	let [latestMs, settled] = [0, true];
	for (const source of sources) {
		if (!source.repeatable || !source.rereadable) return undefined;
		names.startSource(source);
		for await (const batch of lookAtEntries(source, report, signal)) {
			for (const seen of batch) {
				if (seen === undefined) continue;
				if (seen === UNDETERMINED) return undefined;
				const { entry, size, mtimeMs, content } = seen;
				const { name, kind, comment, method } = entry;
				names.add(entry);
				bound.add({ name, kind, size, mtimeMs, comment, method });
				if (!bound.exact) return undefined;
				const state = stateOf(seen);
				digest.update(state);
				checks.push(checkOf(state));
				latestMs = Math.max(latestMs, mtimeMs);
				settled &&= content === undefined || isSettled(content);
			}
		}
	}
	return {
		...{ size: bound.bytes(comment.byteLength), directory: bound.directory, checks, names, settled },
		digest: digest.digest("hex").slice(0, DIGEST_LENGTH),
		mtimeMs: latestMs,
	};
}
