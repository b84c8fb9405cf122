import { refuseEmpty } from "../../archive/planned-archive.ts";
import type { RunReport } from "../../archive/run-report.ts";
import { storageOf } from "../../s3/options.ts";
import { sourceReport } from "../../sources/open-sources.ts";
import type { OpeningSettings } from "../../sources/options.ts";
import type { CopyCandidates } from "./copies/copy-candidates.ts";
import { type ListedUnits, listUnits } from "./list-units.ts";
import type { PlanShardsSettings } from "./options.ts";
import type { PageWriter } from "./page-writer.ts";
import type { PinnedSources } from "./sources/found-entry.ts";
import { openPinned } from "./sources/open-pinned.ts";
import type { ShardSource } from "./sources/shard-source.ts";

export interface ListSourcesOptions {
	readonly signal: AbortSignal;
	readonly report: RunReport;
	/** See {@link ListingOptions.candidates}. */
	readonly candidates?: CopyCandidates | undefined;
	/** Time of what tells none, milliseconds since 1970. */
	readonly now: number;
}

/** Connections to a bucket that is listed: a page ahead, and a look at single objects. */
const LISTED_AT_ONCE = 2;

/**
 * Opens the sources, and goes through them as {@link listUnits} does.
 *
 * @throws {SourceError} `SOURCE_EMPTY` if there is nothing.
 */
export async function listSources(
	sources: readonly ShardSource[],
	settings: PlanShardsSettings,
	pinned: PinnedSources,
	pages: PageWriter,
	{ signal, report, candidates, now }: ListSourcesOptions,
): Promise<ListedUnits> {
	const { maxEntries = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = settings;
	let leftOut: string | undefined;
	const reading = sourceReport(settings, (event) => {
		if (event.type === "skipped") leftOut ??= `left out ${event.origin}: ${event.reason}`;
		return report.onEvent(event);
	});
	const opened = await openPinned(sources, openingOf(settings, signal, report), pinned, reading, now);
	try {
		const limits = { maxEntries, maxBytes };
		const listed = await listUnits(opened.sources, pages, {
			...settings,
			limits,
			candidates,
			signal,
			report,
		});
		if (listed.entryCount === 0) refuseEmpty({ allowEmpty: false }, leftOut);
		return listed;
	} finally {
		await opened.close();
	}
}

/** Where nothing else is said, buckets of sources are reached as the one that the archive goes to. */
function openingOf(settings: PlanShardsSettings, signal: AbortSignal, report: RunReport): OpeningSettings {
	const { bucket, key, sourceStorage } = settings;
	const storage = storageOf(settings);
	return {
		...settings,
		...{ strict: true, portableNames: false, readAhead: LISTED_AT_ONCE, readAheadSize: 0 },
		...{ signal, onEvent: report.onEvent },
		sourceStorage: sourceStorage ?? storage,
		sharesStorage: sourceStorage === undefined,
		own: { bucket, key, storage },
	};
}
