import { performance } from "node:perf_hooks";
import { withOwnSignal } from "../../async/any-signal.ts";
import { ZipferryError } from "../../errors.ts";
import { extractOpened } from "../../extract/extract-archive.ts";
import { EXTRACT_SCHEMA, type ExtractSettings } from "../../extract/options.ts";
import type { IsWanted } from "../../extract/plan/plan-extraction.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { ArchiveError } from "../../reader/archive-error.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { needsOtherNode } from "../../reader/methods.ts";
import { openReader } from "../../reader/open-archive.ts";
import type { OpenArchiveOptions } from "../../reader/options.ts";
import type { Drill } from "../archives/archive-facts.ts";
import { compareRestored } from "./compare-restored.ts";
import { drillSample } from "./drill-sample.ts";
import { openUp, type ScratchOptions, withScratch } from "./scratch.ts";

/** How a drill is run. */
export interface DrillOptions extends OpenArchiveOptions, ScratchOptions {
	/** The state of the archive that the drill is about, without quotes; another one fails. */
	readonly etag: string | undefined;
	/** Share of the entries, above 0 and up to 1. */
	readonly sample: number;
	/** Chooses another sample for another text. */
	readonly seed: string;
	/** Name of this machine, for the record. */
	readonly host: string;
	readonly now: Date;
}

/** How a drill went, whether it passed or not. */
export interface DrillResult {
	readonly drill: Drill;
	/** Entries of the archive. */
	readonly archiveEntryCount: number;
	/** Bytes of content that were restored each second; reading them back is not in it. */
	readonly bytesPerSecond: number;
	readonly differenceCount: number;
	/** The first 100. */
	readonly differences: readonly string[];
}

/** These say that the archive is not what it should be: the drill has failed. All others say that there was none. */
const FAILURES: ReadonlySet<string> = new Set([
	"INVALID_ARCHIVE",
	"ENTRY_CORRUPT",
	"ENTRY_UNSUPPORTED",
	"UNSAFE_ENTRY",
	"INTEGRITY",
]);

/**
 * Restores an archive, or a sample of it, into a scratch directory, reads back what was written, and compares it with the archive.
 *
 * @param location - Of the archive.
 * @throws {ArchiveError} `ARCHIVE_CHANGED` if another archive is there by now.
 * @throws {DestinationError} if it does not fit onto the disk, before anything is written.
 * @throws {ArchiveError} `ENTRY_UNSUPPORTED` if another Node is needed to read the archive.
 * @throws {SourceError}, {StorageError} if the archive cannot be read: that proves nothing, neither way.
 */
export async function runDrill(location: string, options: DrillOptions): Promise<DrillResult> {
	const { etag, sample, seed, host, now, parent, onScratch, onStale, ...connection } = options;
	// Links of a backup may lead anywhere; nothing is written through them, and they are removed, not followed.
	const settings = resolveOptions(EXTRACT_SCHEMA, { ...connection, unsafeLinks: true });
	const outcome = await withOwnSignal(settings, (own) => restoreAndCompare(location, own, options));
	const { restored, archiveEntryCount, elapsedMs, differences, error } = outcome;
	const share = archiveEntryCount === 0 ? 1 : restored.entryCount / archiveEntryCount;
	return {
		drill: {
			at: now.toISOString(),
			ok: error === undefined,
			entryCount: restored.entryCount,
			size: restored.size,
			sample: error === undefined ? share : sample,
			elapsedMs: Math.round(elapsedMs),
			host,
			error,
		},
		archiveEntryCount,
		bytesPerSecond: Math.round(restored.size / Math.max(elapsedMs / 1000, 0.001)),
		differenceCount: differences.count,
		differences: differences.first,
	};
}

interface Outcome {
	readonly restored: { readonly entryCount: number; readonly size: number };
	readonly archiveEntryCount: number;
	readonly elapsedMs: number;
	readonly differences: { readonly count: number; readonly first: readonly string[] };
	readonly error: string | undefined;
}

const NOTHING = { entryCount: 0, size: 0 };
const NO_DIFFERENCES = { count: 0, first: [] };

async function restoreAndCompare(
	location: string,
	settings: ExtractSettings,
	options: DrillOptions,
): Promise<Outcome> {
	const startedAt = performance.now();
	let archiveEntryCount = 0;
	let isForOtherNode = false;
	try {
		const reader = await openReader(location, settings);
		try {
			refuseOther(reader, options.etag);
			archiveEntryCount = reader.end.entryCount;
			const isChosen = drillSample(archiveEntryCount, options.sample, options.seed);
			const isWanted: IsWanted = (entry) => {
				const wanted = isChosen(entry);
				isForOtherNode ||= wanted && needsOtherNode(entry);
				return wanted;
			};
			return await withScratch(options, (path) => restore(reader, path, isWanted, settings));
		} finally {
			await reader.close();
		}
	} catch (error) {
		if (!(error instanceof ZipferryError && FAILURES.has(error.code))) throw error;
		if (error.code === "ENTRY_UNSUPPORTED" && isForOtherNode) throw error; // the first entry that cannot be read is told of: that one
		const elapsedMs = performance.now() - startedAt;
		const { message } = error;
		return { restored: NOTHING, archiveEntryCount, elapsedMs, differences: NO_DIFFERENCES, error: message };
	}
}

async function restore(
	reader: ArchiveReader,
	scratch: string,
	isWanted: IsWanted,
	settings: ExtractSettings,
): Promise<Outcome> {
	const startedAt = performance.now();
	const target = `${scratch}/restored`; // not there yet: what is new is written without a look at what is in the way
	const { entryCount, size } = await extractOpened(reader, target, settings, isWanted);
	const elapsedMs = performance.now() - startedAt;
	await openUp(scratch);
	const differences = await compareRestored(reader, target, isWanted, settings.signal);
	const more = differences.count > 1 ? `, and so do ${differences.count - 1} more` : "";
	return {
		restored: { entryCount, size },
		archiveEntryCount: reader.end.entryCount,
		elapsedMs,
		differences,
		error: differences.count === 0 ? undefined : `restored, ${differences.first[0]}${more}`,
	};
}

/** The record is about one archive, and nobody may be told that another one was proven. */
function refuseOther({ source: { identity, location } }: ArchiveReader, etag: string | undefined): void {
	if (etag === undefined || identity.type !== "s3" || identity.etag === etag) return;
	throw new ArchiveError("ARCHIVE_CHANGED", "was replaced before the drill began", { location });
}
