import type { Stats } from "node:fs";
import { DuplicateEntryError } from "../../../zip/format/entry-name-errors.ts";
import type { EntrySource, MeasurableEntry, SourceReport } from "../../entry-source.ts";
import type { SourceSettings } from "../../options.ts";
import { pathOf } from "../byte-paths.ts";
import { describeSpecial } from "../describe-file.ts";
import type { KnownListings } from "../directories/known-listings.ts";
import { FoundEntries } from "../entries/found-entries.ts";
import { stat } from "../file-system.ts";
import type { Found } from "../found.ts";
import { LocalDevices } from "../local-devices.ts";
import { OF_A_PATH, unreachable } from "../path-source.ts";
import { lookAt, namedPlace, textOf } from "../place.ts";
import { type ListedPath, PathList } from "./path-list.ts";

/** Paths that are looked at together. */
const BATCH_SIZE = 256;

/**
 * Paths that the caller listed, each named in the archive by itself.
 *
 * @param option - Where they are, for messages.
 */
export function openListSource(
	paths: Iterable<string | Uint8Array>,
	option: string,
	options: SourceSettings,
	listings: KnownListings,
): EntrySource {
	const list = new PathList(paths, option);
	return {
		...OF_A_PATH,
		namePrefix: "",
		entries(report, comesAgain = false) {
			const entries = new FoundEntries(options, report, { listings, comesAgain });
			return listedEntries(list, entries, options, report);
		},
	};
}

interface Looked extends ListedPath {
	/** `undefined` if it is left out. */
	readonly stats: Stats | undefined;
	/** It is a link that is followed. */
	readonly isLink: boolean;
	/** See {@link Found.linkedMs}. */
	readonly linkedMs?: number | undefined;
}

async function* listedEntries(
	list: PathList,
	entries: FoundEntries,
	options: SourceSettings,
	report: SourceReport,
): AsyncGenerator<Iterable<MeasurableEntry>, void, void> {
	const devices = new LocalDevices();
	/** What came last and may have something below it. */
	let above: { readonly name: string; readonly path: string; readonly isDirectory: boolean } | undefined;
	for (const batch of inBatches(list)) {
		const uncovered = batch.filter(({ name }) => above?.isDirectory !== true || !isBelow(name, above.name));
		const local = options.blockingReads ? await localDirectories(uncovered, devices) : new Set();
		const now = ({ path }: ListedPath) => local.has(directoryOf(path));
		const looked = await Promise.all(uncovered.map((listed) => look(listed, now(listed), options, report)));
		let files: Found[] = [];
		for (const { name, path, stats, isLink, linkedMs } of looked) {
			if (above !== undefined && isBelow(name, above.name)) {
				if (above.isDirectory) continue; // and so in the archive already
				throw new DuplicateEntryError(textOf(above.name), [textOf(above.path), textOf(path)]);
			}
			if (stats === undefined) continue;
			const isDirectory = stats.isDirectory();
			const text = textOf(name);
			if (entries.filter.excludes(isDirectory ? `${text}/` : text)) continue;
			above = { name, path, isDirectory };
			if (isDirectory) {
				yield entries.entriesOf(files, "");
				files = [];
				yield* entries.ofTree(Buffer.from(path, "latin1"), stats, name, text);
				continue;
			}
			if (!entries.filter.includes(text)) continue;
			const place = namedPlace(pathOf(path));
			const kind = stats.isSymbolicLink() ? "symlink" : "file";
			if (kind === "file" && stats.size > (options.excludeLargerThan ?? Number.POSITIVE_INFINITY)) continue;
			const known = options.blockingReads && !isLink && devices.isLocal(stats.dev, place);
			const blocking = typeof known === "boolean" ? known : await known;
			files.push({ relativePath: name, place, kind, stats, blocking, linkedMs });
		}
		yield entries.entriesOf(files, "");
	}
}

/**
 * The directories of these paths that are on disks of this machine. What is in them is looked at with blocking calls,
 * in a tenth of the time.
 */
async function localDirectories(
	listed: readonly ListedPath[],
	devices: LocalDevices,
): Promise<ReadonlySet<string>> {
	const local = new Set<string>();
	const directories = new Set(listed.map(({ path }) => directoryOf(path)));
	await Promise.all(
		[...directories].map(async (directory) => {
			const place = namedPlace(pathOf(directory));
			const stats = await place.later(stat).catch(() => undefined); // told of each path in it
			if (stats !== undefined && (await devices.isLocal(stats.dev, place))) local.add(directory);
		}),
	);
	return local;
}

function directoryOf(path: string): string {
	const end = path.lastIndexOf("/");
	return end < 0 ? "." : path.slice(0, end + 1);
}

/** Looks at a listed path, and tells what is left out. */
async function look(
	listed: ListedPath,
	blocking: boolean,
	{ symlinks, skipErrors }: SourceSettings,
	{ onEvent, onUnreadable }: SourceReport,
): Promise<Looked> {
	const origin = textOf(listed.path);
	const leftOut = { ...listed, stats: undefined, isLink: false };
	const leaveOut = (reason: string) => {
		onEvent({ type: "skipped", origin, reason });
		return leftOut;
	};
	try {
		const place = namedPlace(pathOf(listed.path));
		let stats = await lookAt(place, blocking);
		const isLink = stats.isSymbolicLink();
		if (isLink && symlinks === "skip") return leaveOut("symbolic link");
		const linkedMs = isLink ? stats.ctimeMs : undefined;
		if (isLink && symlinks === "follow") stats = await place.later(stat);
		if (stats.isFile() || stats.isDirectory() || stats.isSymbolicLink())
			return { ...listed, stats, isLink, linkedMs };
		return leaveOut(describeSpecial(stats));
	} catch (error) {
		if (!skipErrors) throw unreachable(origin, error);
		onUnreadable(origin, error);
		return leftOut;
	}
}

function isBelow(name: string, directory: string): boolean {
	return directory === "" || name.startsWith(`${directory}/`);
}

function* inBatches(list: PathList): Generator<readonly ListedPath[], void, void> {
	let batch: ListedPath[] = [];
	for (const listed of list) {
		batch.push(listed);
		if (batch.length < BATCH_SIZE) continue;
		yield batch;
		batch = [];
	}
	if (batch.length > 0) yield batch;
}
