import type { Stats } from "node:fs";
import * as nodePath from "node:path";
import type { Advice } from "../../advice/advice.ts";
import { InvalidOptionError, SourceError } from "../../errors.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../zip/format/entry-name-errors.ts";
import { DEFAULT_LOOK_AHEAD, type EntrySource } from "../entry-source.ts";
import type { SourceSettings } from "../options.ts";
import type { PinnedSource } from "../pins/entry-pin.ts";
import type { PathSource } from "../source.ts";
import { describeFileError, describeSpecial } from "./describe-file.ts";
import type { KnownListings } from "./directories/known-listings.ts";
import { rootDirectory } from "./directories/root-directory.ts";
import { FoundEntries } from "./entries/found-entries.ts";
import { errorCode, linkTime, stat } from "./file-system.ts";
import type { Found } from "./found.ts";
import { LocalDevices } from "./local-devices.ts";
import { type Directory, namedPlace, type Place, textOf } from "./place.ts";

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
	listings: KnownListings,
): Promise<EntrySource> {
	const { path } = source;
	if (source.below !== undefined)
		return openPathBelow(path, Buffer.from(source.below), source.as ?? "", options, listings);
	const stats = await statNamed(path);
	const isDirectory = stats.isDirectory();
	const name = source.as ?? (alone && isDirectory ? "" : nodePath.basename(nodePath.resolve(path)));
	const prefix = name.replace(/\/+$/, "");
	if (prefix !== "") encodeEntryName(prefix);
	if (isDirectory) {
		return {
			...OF_A_PATH,
			namePrefix: prefix,
			pinned: pinnedDirectory(nodePath.resolve(path), options.symlinks === "follow"),
			entries: (report, comesAgain = false) =>
				new FoundEntries(options, report, { listings, comesAgain }).ofTree(
					Buffer.from(path),
					stats,
					byteString(prefix),
				),
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
	const linkedMs = await linkTime(path);
	const found: Found = { relativePath: "", place, kind: "file", stats, blocking, linkedMs };
	return {
		...OF_A_PATH,
		namePrefix: prefix,
		pinned: pinnedDirectory(nodePath.dirname(nodePath.resolve(path)), true),
		async *entries(report) {
			const named = { ...options, symlinks: "follow" } as const;
			yield new FoundEntries(named, report).entriesOf([found], byteString(prefix));
		},
	};
}

/** A directory that is reached from another one without following a link. */
async function openPathBelow(
	path: string,
	below: Buffer,
	as: string,
	options: SourceSettings,
	listings: KnownListings,
): Promise<EntrySource> {
	if (options.symlinks === "follow")
		throw new InvalidOptionError('below follows no symbolic link, so symlinks must not be "follow"');
	const base = below.toString("latin1");
	const prefix = as.replace(/\/+$/, "");
	if (prefix !== "") encodeEntryName(prefix);
	const open = () => directoryBelow(rootDirectory(Buffer.from(path), false), base.split("/"));
	const { place, stats } = await lookBelow(open());
	return {
		...OF_A_PATH,
		namePrefix: prefix,
		pinned: pinnedDirectory(`${nodePath.resolve(path).replace(/\/$/, "")}/${textOf(base)}`, false),
		entries: (report, comesAgain = false) =>
			new FoundEntries(options, report, { listings, comesAgain }).ofTree(
				Buffer.from(place.path),
				stats,
				byteString(prefix),
				textOf(base),
				open(),
			),
	};
}

async function lookBelow(directory: Directory): Promise<{ readonly place: Place; readonly stats: Stats }> {
	const place = directory.place("");
	try {
		return { place, stats: await place.later(stat) };
	} catch (error) {
		const origin = place.path.toString();
		if (!(error instanceof SourceError)) throw unreachable(origin, error);
		const problem = "is no directory, or a symbolic link is on the way to it, which is not followed";
		throw new SourceError("SOURCE_NOT_FOUND", `source ${origin}: ${problem}`, { origin, cause: error });
	} finally {
		directory.releaseAll();
	}
}

function pinnedDirectory(path: string, followLinks: boolean): PinnedSource {
	return { kind: "directory", path: byteString(path), ...(followLinks ? { followLinks } : {}) };
}

function directoryBelow(root: Directory, segments: readonly string[]): Directory {
	return segments.reduce((directory, name) => directory.directory(name), root);
}

function byteString(text: string): string {
	return Buffer.from(text).toString("latin1");
}

/** A source that is a link is followed: the caller means its target. */
async function statNamed(path: string): Promise<Stats> {
	try {
		return await stat(path);
	} catch (error) {
		throw unreachable(path, error);
	}
}

/** The beginning of an address, and not the drive of a path. */
const SCHEME = /^[a-z][a-z\d+.-]+:\//i;

const NO_ADDRESS: Advice = { kind: "other", text: "addresses begin with s3://, https:// or http://" };

/** A path that the caller named leads nowhere. */
export function unreachable(path: string, error: unknown): SourceError {
	const missing = errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR";
	const advice = missing && SCHEME.test(path) ? NO_ADDRESS : undefined;
	return new SourceError(
		missing ? "SOURCE_NOT_FOUND" : "SOURCE_UNREADABLE",
		`source ${path}: ${describeFileError(error)}`,
		{ origin: path, cause: error, advice },
	);
}

/** What is found under a path: it can be gone through again, and gives no name twice. */
export const OF_A_PATH: Readonly<
	Pick<EntrySource, "repeatable" | "rereadable" | "distinct" | "lookAhead" | "hasThreadFiles">
> = {
	repeatable: true,
	rereadable: true,
	distinct: true,
	lookAhead: DEFAULT_LOOK_AHEAD,
	hasThreadFiles: true,
};
