import { withOwnSignal } from "../async/any-signal.ts";
import { Turns } from "../async/turns.ts";
import { MiB } from "../bytes/units.ts";
import type { Warning } from "../events.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import type { ArchiveReader } from "../reader/archive-reader.ts";
import { openReader } from "../reader/open-archive.ts";
import { readInRuns } from "../reader/runs.ts";
import { looksLikeS3Url } from "../s3/address.ts";
import { EXTRACT_SCHEMA, type ExtractOptions, type ExtractSettings } from "./options.ts";
import { checkContents } from "./plan/check-contents.ts";
import { checkFoldedNames } from "./plan/check-folded-names.ts";
import { checkLinks } from "./plan/check-links.ts";
import { chosenEntries, toBeRead } from "./plan/chosen-entries.ts";
import { broughtNear } from "./plan/near-archive.ts";
import { type ExtractionPlan, type IsWanted, planExtraction } from "./plan/plan-extraction.ts";
import { ExtractReport } from "./report.ts";
import type { PlacedEntry, Target } from "./target.ts";

/** What was extracted. */
export interface ExtractResult {
	/** Files, directories and links that were extracted; with `dryRun`, that would be. */
	readonly entryCount: number;
	/** Bytes of the files among them. */
	readonly size: number;
	/** Entries that were there already, as `resume` has found. */
	readonly resumedCount: number;
	/** Entries that the target cannot have: devices, FIFOs and sockets; in buckets, links as well. */
	readonly leftOutCount: number;
	/** The first 1,000 warnings; `onEvent` gets them all. */
	readonly warnings: readonly Warning[];
}

/**
 * Extracts an archive into a directory, or to keys of a bucket that begin alike. What is needed of the archive is read, with one request for
 * neighbouring entries, and nothing is downloaded as a whole.
 *
 * First it looks through the whole directory of the archive, and refuses one that is damaged or made to do harm: names and links that lead
 * out of the target, names that are in each other's way, entries that share bytes, more bytes than fit. So it does where something is in the
 * place of an entry. Of a file, local headers are looked at as well, and so they are of an archive of up to 4 MiB elsewhere; then
 * up to 4 MiB of content, too. Until then nothing has been written. Each file gets its name when it is complete and its CRC-32 is
 * right. If the run fails later, files that are complete stay; `resume` goes on from there.
 *
 * Permissions, times, symbolic links and empty directories are restored. Owners are not.
 *
 * @param location - Of the archive: path of a file, `s3://bucket/key`, or an `http:` or `https:` URL.
 * @param target - Path of a directory, which is made if it is not there, or `s3://bucket/prefix/`: each file becomes an object whose
 * key is the prefix and its path.
 * @throws {@link InvalidOptionError} for options out of range, before anything is read.
 * @throws {@link SourceError} `SOURCE_NOT_FOUND` if there is no archive, `SOURCE_UNREADABLE` if it cannot be read.
 * @throws {@link ArchiveError} if it is damaged, ambiguous, has entries that cannot be read, or none that a pattern matches.
 * @throws {@link ExtractError} `UNSAFE_ENTRY`, `SIZE_LIMIT`, or `DESTINATION_EXISTS` if something is there.
 * @throws {@link DestinationError} if the directory cannot be written to.
 * @throws {@link StorageError} if a storage or server refuses, or cannot be reached.
 *
 * @example
 * ```ts
 * await extractArchive("s3://my-bucket/backups/photos.zip", "./restored", { patterns: ["2026/"] });
 * ```
 */
export async function extractArchive(
	location: string | URL,
	target: string,
	options: ExtractOptions = {},
): Promise<ExtractResult> {
	const settings = resolveOptions(EXTRACT_SCHEMA, options);
	return withOwnSignal(settings, (own) => openAndExtract(location, target, own));
}

async function openAndExtract(
	location: string | URL,
	targetLocation: string,
	settings: ExtractSettings,
): Promise<ExtractResult> {
	settings.signal?.throwIfAborted();
	const opened = await openReader(location, settings);
	try {
		return await extractOpened(await broughtNear(opened, settings), targetLocation, settings);
	} finally {
		await opened.close();
	}
}

/**
 * The same for the rooms above, on an archive that is open and stays open.
 *
 * @param isWanted - Leaves entries out, beside the patterns. Asked several times about each entry.
 */
export async function extractOpened(
	reader: ArchiveReader,
	targetLocation: string,
	settings: ExtractSettings,
	isWanted: IsWanted = () => true,
): Promise<ExtractResult> {
	const report = new ExtractReport(settings.onEvent);
	const target = await openTarget(targetLocation, reader, settings, report);
	try {
		const plan = await extract(reader, target, settings, { report, isWanted });
		const { entryCount, size, doneCount: resumedCount, leftOutCount } = plan;
		return { entryCount, size, resumedCount, leftOutCount, warnings: report.warnings };
	} finally {
		await target.close();
	}
}

async function openTarget(
	location: string,
	reader: ArchiveReader,
	settings: ExtractSettings,
	report: ExtractReport,
): Promise<Target> {
	if (looksLikeS3Url(location)) {
		const { openBucketTarget } = await import("./bucket/bucket-target.ts");
		return openBucketTarget(location, reader.source.location, settings, report);
	}
	const { openLocalTarget } = await import("./local/local-target.ts");
	return openLocalTarget(location, reader, settings, report);
}

async function extract(
	reader: ArchiveReader,
	target: Target,
	settings: ExtractSettings,
	{ report, isWanted }: { readonly report: ExtractReport; readonly isWanted: IsWanted },
): Promise<ExtractionPlan> {
	const { signal, dryRun } = settings;
	const plan = await planExtraction(reader, target, settings, { warn: report.warn, isWanted });
	if (plan.linkCount > 0) await checkLinks(reader, target, plan, settings);
	await target.check(plan);
	await checkContents(reader, plan, signal);
	if (!dryRun) await target.begin(plan);
	if (target.foldsNames) await checkFoldedNames(reader, plan, signal);
	report.onPlanned(plan);
	if (dryRun) await list(reader, plan, signal, report);
	else await write(reader, target, plan, signal);
	return plan;
}

/** Tells of each entry. Whoever prints them gets time to do so: a million of them are not to be kept. */
async function list(
	reader: ArchiveReader,
	plan: ExtractionPlan,
	signal: AbortSignal | undefined,
	report: ExtractReport,
): Promise<void> {
	const turns = new Turns();
	for await (const batch of chosenEntries(reader, plan, signal))
		for (const entry of batch) {
			report.onDone(entry);
			if (turns.due) await turns.give();
		}
}

/** A disk is near: little is read ahead, and few entries are held. Elsewhere several requests are under way. */
const LOCAL_RUNS = { runSize: MiB, concurrency: 2 };
const REMOTE_RUNS = { runSize: MiB, concurrency: 8 };

async function write(
	reader: ArchiveReader,
	target: Target,
	plan: ExtractionPlan,
	signal: AbortSignal | undefined,
): Promise<void> {
	const turns = new Turns();
	const options = { ...(reader.source.identity.type === "file" ? LOCAL_RUNS : REMOTE_RUNS), signal };
	const entries = toBeRead(withData(reader, target, plan, signal), plan);
	for await (const batches of readInRuns(reader, entries, options))
		for (const run of batches)
			for (const fetched of run) {
				signal?.throwIfAborted();
				const waiting = target.put(fetched);
				if (waiting !== undefined) await waiting;
				if (turns.due) await turns.give();
			}
	await target.finish();
}

/** Makes the directories, and passes on what has data. */
async function* withData(
	reader: ArchiveReader,
	target: Target,
	plan: ExtractionPlan,
	signal: AbortSignal | undefined,
): AsyncGenerator<Iterable<PlacedEntry>, void, void> {
	for await (const batch of chosenEntries(reader, plan, signal)) yield filesOf(batch);

	function* filesOf(batch: Iterable<PlacedEntry>): Generator<PlacedEntry, void, void> {
		for (const entry of batch) {
			if (entry.kind === "directory") target.makeDirectory(entry);
			else yield entry;
		}
	}
}
