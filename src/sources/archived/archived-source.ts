import type { Batches } from "../../async/batches.ts";
import { KiB, MiB } from "../../bytes/units.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { OPEN_ARCHIVE_SCHEMA } from "../../reader/options.ts";
import { cutIntoRuns, type Run } from "../../reader/runs.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../zip/format/entry-name-errors.ts";
import { DEFAULT_LOOK_AHEAD, type EntrySource, type MeasurableEntry } from "../entry-source.ts";
import type { OpeningSettings } from "../options.ts";
import type { ArchivedSource } from "../source.ts";
import { archivedEntry } from "./archived-entry.ts";
import { type Choice, ChosenEntries, type ChosenEntry, withoutEmptySegments } from "./chosen-entries.ts";
import { openSourceArchive } from "./open-source-archive.ts";
import { type RunReading, SharedRun } from "./shared-run.ts";

/** Bytes that one request asks for at most, and between two entries that are rather read than left to another one. */
const NEAR = { runSize: MiB, gapSize: 64 * KiB };
const FAR = { runSize: 4 * MiB, gapSize: 256 * KiB };

/** Runs that are known before their first entry is: so the next ones can be requested early. */
const KNOWN_AHEAD = 2;

/**
 * Entries of another archive, in the order of its central directory: that in which they lie, as a rule, so that it is read from
 * front to back. Planning reads the directory alone.
 *
 * @throws as `openArchive` does.
 * @throws {InvalidEntryNameError}
 */
export async function openArchivedSource(
	source: ArchivedSource,
	options: OpeningSettings,
): Promise<EntrySource> {
	const choice = choiceOf(source);
	let listener: ZipferryEventListener | undefined;
	const settings = resolveOptions(OPEN_ARCHIVE_SCHEMA, {
		...(source.storage ?? options.sourceStorage),
		signal: options.signal,
		onEvent: (event) => listener?.(event),
	});
	const archive = await openSourceArchive(source.archive, settings);
	const isNear = archive.source.identity.type === "file";
	const { readAhead, readAheadSize } = options;
	return {
		repeatable: true,
		rereadable: true,
		distinct: false,
		lookAhead: isNear ? DEFAULT_LOOK_AHEAD : { count: readAhead, size: readAheadSize },
		namePrefix: textOfPrefix(choice),
		entries(report) {
			listener = report.onEvent;
			return entriesOf(archive, new ChosenEntries(archive.source.location, choice, options, report), isNear);
		},
		close: () => archive.close(),
	};
}

function choiceOf({ entry = "", as }: ArchivedSource): Choice {
	if (entry.startsWith("/")) throw new InvalidEntryNameError(entry, "is absolute");
	const path = withoutEmptySegments(entry);
	const prefix = (as ?? path.slice(path.lastIndexOf("/") + 1)).replace(/\/+$/, "");
	if (prefix !== "") encodeEntryName(prefix);
	return { path: byteString(path), isDirectory: entry.endsWith("/"), prefix: byteString(prefix) };
}

function textOfPrefix({ prefix }: Choice): string {
	return Buffer.from(prefix, "latin1").toString("utf8");
}

function byteString(text: string): string {
	return Buffer.from(text).toString("latin1");
}

async function* entriesOf(
	archive: ArchiveReader,
	choice: ChosenEntries,
	isNear: boolean,
): AsyncGenerator<Iterable<MeasurableEntry>, void, void> {
	const { runSize, gapSize } = isNear ? NEAR : FAR;
	const { location } = archive.source;
	const reading: RunReading = { body: archive, runSize, spare: [] };
	const runs = cutIntoRuns(archive, chosenOf(archive, choice), runSize, gapSize);
	for await (const run of sharedRuns(runs, reading)) {
		const inTurn = run.isStream && !isNear;
		yield run.entries.map((entry) => archivedEntry(location, entry, run, inTurn));
	}
	choice.refuseNothing();
}

async function* chosenOf(
	archive: ArchiveReader,
	choice: ChosenEntries,
): AsyncGenerator<Iterable<ChosenEntry>, void, void> {
	for await (const batch of archive.entries()) yield chosenOfBatch(batch, choice);
}

function* chosenOfBatch(
	batch: Iterable<EntryFacts>,
	choice: ChosenEntries,
): Generator<ChosenEntry, void, void> {
	for (const facts of batch) {
		const chosen = choice.choose(facts);
		if (chosen !== undefined) yield chosen;
	}
}

/** Each run knows the one behind it before it is used. */
async function* sharedRuns(
	batches: Batches<Run<ChosenEntry>>,
	reading: RunReading,
): AsyncGenerator<SharedRun, void, void> {
	const known: SharedRun[] = [];
	for await (const batch of batches) {
		for (const run of batch) {
			const shared = new SharedRun(reading, run);
			const before = known.at(-1);
			if (before !== undefined) before.next = shared;
			known.push(shared);
			const first = known.length > KNOWN_AHEAD ? known.shift() : undefined;
			if (first !== undefined) yield first;
		}
	}
	yield* known;
}
