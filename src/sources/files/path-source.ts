import { realpathSync, type Stats } from "node:fs";
import * as nodePath from "node:path";
import { InvalidEntryNameError, SourceError } from "../../errors.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import type { SourceSettings } from "../options.ts";
import {
	DEFAULT_LOOK_AHEAD,
	type EntrySource,
	type MeasurableEntry,
	type PathSource,
	type SourceReport,
} from "../source.ts";
import { rootDirectory } from "./directories/root-directory.ts";
import { isDraft } from "./drafts.ts";
import { errorCode, stat } from "./file-system.ts";
import { createFilter } from "./filter.ts";
import { LocalDevices } from "./local-devices.ts";
import { PathEntry } from "./path-entry.ts";
import { namedPlace } from "./place.ts";
import { describeFileError, describeSpecial, type Found, walk } from "./walk.ts";

/**
 * A file or directory that the caller named.
 *
 * @param alone - Whether it is the only source: a directory then puts its contents at the root.
 * @throws {SourceError} if it is missing, unreadable, or neither file nor directory.
 * @throws {InvalidEntryNameError}
 */
export async function openPathSource(
	source: PathSource,
	alone: boolean,
	options: SourceSettings,
): Promise<EntrySource> {
	const { path } = source;
	const stats = await statNamed(path);
	const isDirectory = stats.isDirectory();
	const name = source.as ?? (alone && isDirectory ? "" : nodePath.basename(nodePath.resolve(path)));
	const prefix = name.replace(/\/+$/, "");
	if (prefix !== "") encodeEntryName(prefix);
	if (isDirectory) {
		return {
			...OF_A_PATH,
			namePrefix: prefix,
			entries: (report) => directoryEntries(Buffer.from(path), stats, prefix, options, report),
		};
	}
	if (!stats.isFile()) {
		throw new SourceError(
			"SOURCE_UNREADABLE",
			`${path} is a ${describeSpecial(stats)}; only files and directories can be archived`,
			{ origin: path },
		);
	}
	if (prefix === "")
		throw new InvalidEntryNameError(name, `is empty, and ${path} is a file, which needs one`);
	const place = namedPlace(path);
	const blocking = options.blockingReads && (await new LocalDevices().isLocal(stats.dev, place));
	const found: Found = { relativePath: "", place, kind: "file", stats, blocking };
	return {
		...OF_A_PATH,
		namePrefix: prefix,
		async *entries({ onEvent }) {
			const named = { ...options, symlinks: "follow" } as const;
			yield [new PathEntry(found, Buffer.from(prefix).toString("latin1"), named, onEvent)];
		},
	};
}

/** A source that is a link is followed: the caller means its target. */
async function statNamed(path: string): Promise<Stats> {
	try {
		return await stat(path);
	} catch (error) {
		const missing = errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR";
		throw new SourceError(
			missing ? "SOURCE_NOT_FOUND" : "SOURCE_UNREADABLE",
			`source ${path}: ${describeFileError(error)}`,
			{ origin: path, cause: error },
		);
	}
}

async function* directoryEntries(
	root: Buffer,
	rootStats: Stats,
	prefix: string,
	options: SourceSettings,
	{ onEvent, onUnreadable }: SourceReport,
): AsyncGenerator<Iterable<MeasurableEntry>, void, void> {
	const omitted = new Set(options.omit.map(pathOfPlace));
	// As the walk gives names: most are known by their ends not to be among them, which saves resolving them.
	const omittedEnds = [...omitted].map((path) => Buffer.from(nodePath.basename(path)).toString("latin1"));
	const isOmitted = ({ place, relativePath }: Found) =>
		omittedEnds.some((end) => relativePath.endsWith(end)) && omitted.has(pathOfPlace(place.path.toString()));
	const { symlinks } = options;
	const found = walk(rootDirectory(root, symlinks === "follow"), rootStats, {
		symlinks,
		blockingReads: options.blockingReads,
		filter: createFilter(options),
		onSkipped: (path, reason) => onEvent({ type: "skipped", origin: path.toString(), reason }),
		onUnreadable: (path, error) => onUnreadable(path.toString(), error),
	});
	const start = prefix === "" ? "" : `${Buffer.from(prefix).toString("latin1")}/`;
	function* entriesOf(batch: Iterable<Found>): Generator<MeasurableEntry, void, void> {
		for (const item of batch) {
			const slash = item.kind === "directory" && item.relativePath !== "" ? "/" : "";
			const name = `${start}${item.relativePath}${slash}`;
			if (name === "") continue; // the root of the archive is no entry
			if (isOmitted(item)) continue;
			if (item.kind === "file" && isDraft(item.relativePath)) {
				leaveOutDraft(item.place.path.toString(), onEvent);
				continue;
			}
			yield new PathEntry(item, name, options, onEvent);
		}
	}
	for await (const batch of found) yield entriesOf(batch);
}

/** What is found under a path: it can be gone through again, and gives no name twice. */
const OF_A_PATH = {
	repeatable: true,
	rereadable: true,
	distinct: true,
	lookAhead: DEFAULT_LOOK_AHEAD,
} as const;

/** The path by which it is known whichever way leads to it; a link counts for itself, not for what it points to. */
function pathOfPlace(path: string): string {
	try {
		// Native: the other one normalises first, but in `link/../a.zip` the link is followed first.
		return nodePath.join(realpathSync.native(nodePath.dirname(path)), nodePath.basename(path));
	} catch {
		return nodePath.resolve(path); // nothing is there
	}
}

function leaveOutDraft(origin: string, onEvent: ZipferryEventListener): void {
	const reason = "draft of an archive";
	const message = `left out ${origin}: the draft of an archive that is being written, or was never completed`;
	onEvent({ type: "warning", code: "DRAFT_SKIPPED", message, origin });
	onEvent({ type: "skipped", origin, reason });
}
