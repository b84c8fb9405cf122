import type { Stats } from "node:fs";
import { SourceError } from "../../errors.ts";
import { describeSpecial } from "./describe-file.ts";
import { type EarlierWalks, listDirectory } from "./directories/list-directory.ts";
import { DIRECTORY, FILE, type Listing, nameOf, typeOf } from "./directories/listing.ts";
import { linkTime, type Path, stat } from "./file-system.ts";
import type { Filter } from "./filter.ts";
import { type Found, FoundFiles } from "./found.ts";
import { LocalDevices } from "./local-devices.ts";
import { type Marker, markersIn } from "./markers.ts";
import { type Directory, lookAt, namedPlace, type Place, replacedDirectory, textOf } from "./place.ts";

/** How symbolic links are archived: keep the link, archive its target, or leave it out. */
export type SymlinkPolicy = (typeof SYMLINK_POLICIES)[number];

export const SYMLINK_POLICIES = ["store", "follow", "skip"] as const;

export interface WalkOptions {
	readonly symlinks: SymlinkPolicy;
	/** See {@link SourceOptions.blockingReads}. */
	readonly blockingReads: boolean;
	readonly filter: Filter;
	/** Directories on other devices than the root are found, but not what is in them. */
	readonly oneFileSystem: boolean;
	/** Of a directory that has one of them, nothing else is found. */
	readonly markers: readonly Marker[];
	/** Larger files are not found. Bytes. */
	readonly maxFileSize: number | undefined;
	/** What it need not learn itself, as an earlier walk of the same tree did. */
	readonly earlier?: EarlierWalks | undefined;
	/** A FIFO, socket, device or link that is left out. */
	readonly onSkipped: (path: Path, reason: string) => void;
	/** Something that cannot be looked at: returns to leave it out, throws to stop. */
	readonly onUnreadable: (path: Path, error: unknown) => void;
	/**
	 * The same for a directory whose contents cannot be listed.
	 *
	 * @param found - Whether the walk has yielded the directory itself.
	 */
	readonly onUnlistable: (path: Path, error: unknown, found: boolean) => void;
}

/** Files that are found together at most. */
const BATCH_SIZE = 1024;

/** A directory that is being walked: what is left of it, in order. */
interface OpenLevel {
	readonly relativePath: string;
	readonly directory: Directory;
	readonly listing: Listing;
	/** All that is found of it, if not everything. */
	readonly only: ReadonlySet<string> | undefined;
	readonly identity: string;
	readonly blocking: boolean;
	/** See {@link Found.linkedMs}. */
	readonly linkedMs: number | undefined;
}

/**
 * Walks a directory tree, depth first, in byte order of the entry names it yields (a directory sorts with
 * its trailing slash). Lazy: it holds the names of the directories on the way down to where it is, nothing
 * else. The root itself comes first. At its end all directories are closed.
 *
 * Files that follow each other in a directory are {@link FoundFiles}, as its listing says all there is to know of them.
 */
export async function* walk(
	root: Directory,
	rootStats: Stats,
	options: WalkOptions,
): AsyncGenerator<Iterable<Found>, void, void> {
	const { symlinks, blockingReads, filter, oneFileSystem, markers, maxFileSize, onUnlistable } = options;
	const followLinks = symlinks === "follow";
	const devices = new LocalDevices();
	const levels: OpenLevel[] = [];
	const descend = async (
		relativePath: string,
		directory: Directory,
		named: Place,
		stats: Stats,
		isFound: boolean,
		linkedMs: number | undefined,
	) => {
		if (oneFileSystem && stats.dev !== rootStats.dev) {
			directory.release();
			return;
		}
		try {
			const place = directory.place("");
			const known = blockingReads && devices.isLocal(stats.dev, place);
			const blocking = typeof known === "boolean" ? known : await known;
			const how = { blocking, size: stats.size, followLinks };
			const listing = await listDirectory(directory, how, options.earlier);
			if (listing.head === undefined) await checkPresence(place, named, stats, blocking);
			const only = markers.length === 0 ? undefined : await markersIn(directory, markers, blocking);
			const identity = identityOf(stats);
			levels.push({ relativePath, directory, listing, only, identity, blocking, linkedMs });
		} catch (error) {
			onUnlistable(named.path, error, isFound);
		}
	};
	try {
		yield [{ relativePath: "", place: root.place(""), kind: "directory", stats: rootStats, blocking: false }];
		const named = namedPlace(root.place("").path);
		await descend("", root, named, rootStats, true, await linkTime(named.path));
		for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
			const sortable = level.listing.head;
			if (sortable === undefined) {
				levels.pop();
				level.directory.release();
				continue;
			}
			const isFile = typeOf(sortable) === FILE;
			if (isFile && maxFileSize === undefined) {
				yield filesNext(level, filter);
				continue;
			}
			level.listing.advance();
			const { relativePath, name, isDirectory } = locate(level, sortable);
			const text = textOf(relativePath);
			if (level.only?.has(name) === false) continue;
			if (isFile && !filter.includes(text)) continue;
			// Before looking any closer: what is excluded may be unreadable, and nobody wants to hear of it.
			if (filter.excludes(isDirectory ? `${text}/` : text)) continue;
			const directory = level.directory.directory(name);
			const place = level.directory.place(name);
			const found =
				(isDirectory && level.blocking ? enterNow(relativePath, directory, place) : undefined) ??
				(await inspect(relativePath, place, levels, options));
			if (found?.kind !== "directory") {
				if (found !== undefined && filter.includes(text) && !isLarger(found, maxFileSize)) yield [found];
				continue;
			}
			if (!isDirectory && filter.excludes(`${text}/`)) continue; // a link that leads to a directory
			const isFound = filter.includes(`${text}/`);
			if (isFound) yield [found];
			const { stats, linkedMs = level.linkedMs } = found;
			if (stats !== undefined) await descend(relativePath, directory, place, stats, isFound, linkedMs);
		}
	} finally {
		root.releaseAll();
	}
}

/**
 * A directory without names may be one that was removed while it was open, which is no error to the system. It has
 * to be there under its name, or, if that is somebody else's by now, at least somewhere.
 */
async function checkPresence(place: Place, named: Place, stats: Stats, blocking: boolean): Promise<void> {
	const there = await lookAt(named, blocking);
	if (identityOf(there) === identityOf(stats)) return;
	const { nlink } = await lookAt(place, blocking);
	if (nlink === 0) throw replacedDirectory(named.path.toString());
}

/** The files of a directory up to the next thing that has to be looked at, or as many as make a batch. */
function filesNext(
	{ relativePath, listing, directory, only, blocking, linkedMs }: OpenLevel,
	filter: Filter,
): FoundFiles {
	const start = relativePath === "" ? "" : `${relativePath}/`;
	let names = listing.takeFiles(BATCH_SIZE);
	if (only !== undefined) names = names.filter((name) => only.has(name));
	if (!filter.takesAll) names = names.filter((name) => takes(filter, textOf(start + name)));
	return new FoundFiles(directory, start, names, blocking, linkedMs);
}

function takes(filter: Filter, file: string): boolean {
	return !filter.excludes(file) && filter.includes(file);
}

/** A directory that is opened anyway, to be read, is looked at then; what cannot be opened is looked at all the same. */
function enterNow(relativePath: string, directory: Directory, place: Place): Found | undefined {
	try {
		return { relativePath, place, kind: "directory", stats: directory.statNow(), blocking: true };
	} catch {
		return undefined;
	}
}

/** Looks at what the directory could not tell. */
async function inspect(
	relativePath: string,
	place: Place,
	levels: readonly OpenLevel[],
	{ symlinks, onSkipped, onUnreadable }: WalkOptions,
): Promise<Found | undefined> {
	const { blocking = false, linkedMs: before } = levels.at(-1) ?? {};
	try {
		let stats = await lookAt(place, blocking);
		const isLink = stats.isSymbolicLink();
		const linkedMs = isLink ? Math.max(stats.ctimeMs, before ?? 0) : before;
		if (isLink) {
			if (symlinks === "store") return { relativePath, place, kind: "symlink", stats, blocking };
			if (symlinks === "skip") {
				onSkipped(place.path, "symbolic link");
				return undefined;
			}
			stats = await place.later(stat);
			if (levels.some((level) => level.identity === identityOf(stats))) {
				throw new SourceError("SOURCE_UNREADABLE", "the link leads back to a directory it is in");
			}
		}
		// Nobody knows where a link leads.
		if (stats.isFile())
			return { relativePath, place, kind: "file", stats, blocking: blocking && !isLink, linkedMs };
		if (stats.isDirectory()) return { relativePath, place, kind: "directory", stats, blocking, linkedMs };
		onSkipped(place.path, describeSpecial(stats));
	} catch (error) {
		onUnreadable(place.path, error);
	}
	return undefined;
}

function isLarger({ kind, stats }: Found, maxFileSize: number | undefined): boolean {
	return kind === "file" && maxFileSize !== undefined && stats !== undefined && stats.size > maxFileSize;
}

/** Name and relative path of what a directory lists. */
function locate(
	{ relativePath: parent }: OpenLevel,
	sortable: string,
): { relativePath: string; name: string; isDirectory: boolean } {
	const name = nameOf(sortable);
	const relativePath = parent === "" ? name : `${parent}/${name}`;
	return { relativePath, name, isDirectory: typeOf(sortable) === DIRECTORY };
}

function identityOf(stats: Stats): string {
	return `${stats.dev}:${stats.ino}`;
}
