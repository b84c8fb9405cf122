import { createHash } from "node:crypto";
import { CREATE_ZIP_FIELDS } from "../../archive/options.ts";
import { type PlanOptions, planArchive } from "../../archive/plan.ts";
import { closeSources, openSources, sourceReport } from "../../sources/open-sources.ts";
import { OBJECT_FIELDS } from "../../storage/put/object-options.ts";
import type { UploadSettings } from "../../upload/options.ts";
import { withOwnStorage } from "../../upload/own-sources.ts";
import { FORMAT_VERSION } from "../../zip/format/format-version.ts";
import { levelOf } from "../../zip/levels.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";
import type { JobSource } from "../job.ts";
import { RemoteStates } from "./remote-states.ts";

/** What the sources of a job are like, without a look into any file. */
export interface Fingerprint {
	/** Hash over names, sizes, times, permissions and options. */
	readonly value: string;
	readonly entryCount: number;
	/** The latest time of all files, milliseconds since 1970: these tell their state by nothing else. */
	readonly latestMs: number;
}

/** Settings that change nothing about the object. */
const IRRELEVANT: ReadonlySet<string> = new Set([
	"signal",
	"onEvent",
	"compressConcurrency",
	"blockingReads",
	"noClobber",
	"hash",
	"readAhead",
	"readAheadSize",
	"skipMissing", // as with `skipErrors`, a run that leaves something out has no fingerprint
	"sourceStorage",
]);

/**
 * File systems keep times by clocks that tick, some every two seconds (FAT): a file that is written after a moment can
 * have a time from before.
 */
const COARSEST_TICK_MS = 2_000;

/**
 * Goes through the sources as planning does, and hashes what it finds; memory does not grow with it.
 *
 * What is in a bucket or an archive is known by what tells its state: ETags, checksums.
 *
 * @returns `undefined` if only reading the sources would tell: there are commands among them, or web servers that tell nothing
 * @throws {SourceError}
 */
export async function takeFingerprint(
	sources: readonly JobSource[],
	settings: UploadSettings,
): Promise<Fingerprint | undefined> {
	if (sources.some((source) => "command" in source)) return undefined;
	const own = { ...withOwnStorage(settings), mtime: undefined, maxMtime: undefined }; // the times of the files themselves
	const opened = await openSources(sources, own, 0);
	const states = new RemoteStates(settings.signal);
	const watched = opened.map((source, index) => states.watch(source, sources[index]));
	const hash = createHash("sha256").update(JSON.stringify(relevantSettings(settings)));
	let latestMs = 0;
	let isComplete = opened.every(({ repeatable }) => repeatable);
	const report = sourceReport(own, (event) => {
		// Whether it can be read may be another matter next time.
		if (event.type === "warning" && event.code === "UNREADABLE_SKIPPED") isComplete = false;
	});
	const planning: PlanOptions = {
		...{ method: settings.method, commentSize: 0, signal: settings.signal },
		portableNames: settings.portableNames,
		onFound({ entry, size, mtimeMs, mode }) {
			const state = states.of(entry);
			if (state === undefined) latestMs = Math.max(latestMs, mtimeMs);
			const facts = [entry.kind, size, mtimeMs, mode, ...(state === undefined ? [] : [state])];
			hash
				.update(`${JSON.stringify(facts)}\0`)
				.update(entry.name)
				.update("\0");
		},
	};
	try {
		const { entryCount } = await planArchive(watched, report, planning);
		return isComplete && !states.isMissing ? { value: hash.digest("hex"), entryCount, latestMs } : undefined;
	} finally {
		await closeSources(opened);
	}
}

/**
 * Whether an archive holds what the sources are now.
 *
 * A file that was written at the time of the earlier run, or later, may have changed after it was read without a change
 * of its time or size. It counts as changed, as racily clean files do in git.
 */
export function isUnchanged(
	{ value, latestMs }: Pick<Fingerprint, "value" | "latestMs">,
	{ metadata }: BackupArchive,
): boolean {
	const startedMs = Number(BigInt(metadata.startedNs) / 1_000_000n);
	return metadata.fingerprint === value && latestMs + COARSEST_TICK_MS < startedMs;
}

function relevantSettings(settings: UploadSettings): unknown {
	const names = [...Object.keys(CREATE_ZIP_FIELDS), ...Object.keys(OBJECT_FIELDS)].sort();
	const relevant = names.filter((name) => !IRRELEVANT.has(name)) as (keyof UploadSettings)[]; // its fields
	const resolved = { ...settings, level: levelOf(settings.method, settings.level) };
	return [FORMAT_VERSION, ...relevant.map((name) => [name, resolved[name]])];
}
