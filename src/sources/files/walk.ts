import { type Dirent, lstatSync, type Stats } from "node:fs";
import { messageOf, SourceError } from "../../errors.ts";
import { errorCode, lstat, readDirectory, stat } from "./file-system.ts";
import type { Filter } from "./filter.ts";
import { LocalDevices } from "./local-devices.ts";
import { listAtOnce } from "./read-at-once.ts";

/** What to do with symbolic links: keep the link, archive what it points to, or leave it out. */
export type SymlinkPolicy = (typeof SYMLINK_POLICIES)[number];

export const SYMLINK_POLICIES = ["store", "follow", "skip"] as const;

/** One thing found in a directory tree. */
export interface Found {
	/** Path relative to the root as a byte string (one character, one byte); empty for the root itself. */
	readonly relativePath: string;
	readonly path: Buffer;
	readonly kind: "file" | "directory" | "symlink";
	/** There for what had to be looked at anyway: directories, links, followed links. */
	readonly stats: Stats | undefined;
	/** Whether it is on a disk of this machine. */
	readonly local: boolean;
}

export interface WalkOptions {
	readonly symlinks: SymlinkPolicy;
	readonly filter: Filter;
	/** A FIFO, socket, device or link that is left out. */
	readonly onSkipped: (path: Buffer, reason: string) => void;
	/** Something that cannot be looked at: returns to leave it out, throws to stop. */
	readonly onUnreadable: (path: Buffer, error: unknown) => void;
}

/** A directory that is being walked: what is left of it, in order. */
interface Level {
	readonly relativePath: string;
	/** What the paths of all in it begin with, as a byte string that ends in `/`. */
	readonly pathStart: string;
	readonly names: readonly string[];
	next: number;
	readonly identity: string;
	readonly local: boolean;
}

/**
 * Walks a directory tree, depth first, in byte order of the entry names it yields (a directory sorts with
 * its trailing slash). Lazy: it holds the names of the directories on the way down to where it is, nothing
 * else. The root itself comes first.
 *
 * Files that follow each other in a directory are a run, as its listing says all there is to know of them.
 */
export async function* walk(
	root: Buffer,
	rootStats: Stats,
	options: WalkOptions,
): AsyncGenerator<Iterable<Found>, void, void> {
	const { symlinks, filter, onUnreadable } = options;
	const devices = new LocalDevices();
	yield [{ relativePath: "", path: root, kind: "directory", stats: rootStats, local: false }];
	const levels: Level[] = [];
	const descend = async (relativePath: string, path: Buffer, stats: Stats): Promise<void> => {
		try {
			const local = await devices.isLocal(stats.dev, path);
			const found = (local ? listAtOnce(path, stats) : undefined) ?? (await readDirectory(path));
			const linked = symlinks === "follow" ? await linkedDirectories(path, found) : undefined;
			const names = found.map((item) => sortableName(item, linked?.has(item) === true)).sort(compareBytes);
			levels.push({
				relativePath,
				pathStart: startOfPaths(path),
				names,
				next: 0,
				identity: identityOf(stats),
				local,
			});
		} catch (error) {
			onUnreadable(path, error);
		}
	};
	await descend("", root, rootStats);
	for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
		const sortable = level.names[level.next];
		if (sortable === undefined) {
			levels.pop();
			continue;
		}
		if (typeOf(sortable) === FILE) {
			yield filesNext(level, filter);
			continue;
		}
		level.next += 1;
		const { relativePath, path, text, isDirectory } = locate(level, sortable);
		// Before looking any closer: what is excluded may be unreadable, and nobody wants to hear of it.
		if (filter.excludes(isDirectory ? `${text}/` : text)) continue;
		const found = await inspect(relativePath, path, levels, options);
		if (found?.kind !== "directory") {
			if (found !== undefined && filter.includes(text)) yield [found];
			continue;
		}
		if (!isDirectory && filter.excludes(`${text}/`)) continue; // a link that leads to a directory
		if (filter.includes(`${text}/`)) yield [found];
		if (found.stats !== undefined) await descend(relativePath, path, found.stats);
	}
}

/** The files of a directory up to the next thing that has to be looked at. */
function* filesNext(level: Level, filter: Filter): Generator<Found, void, void> {
	const { names, local } = level;
	for (let name = names[level.next]; name !== undefined && typeOf(name) === FILE; name = names[level.next]) {
		level.next += 1;
		const { relativePath, path, text } = locate(level, name);
		if (filter.excludes(text) || !filter.includes(text)) continue;
		yield { relativePath, path, kind: "file", stats: undefined, local };
	}
}

/** Looks at what the directory could not tell. */
async function inspect(
	relativePath: string,
	path: Buffer,
	levels: readonly Level[],
	{ symlinks, onSkipped, onUnreadable }: WalkOptions,
): Promise<Found | undefined> {
	const local = levels.at(-1)?.local === true;
	try {
		let stats = local ? lstatSync(path) : await lstat(path);
		if (stats.isSymbolicLink()) {
			if (symlinks === "store") return { relativePath, path, kind: "symlink", stats, local };
			if (symlinks === "skip") {
				onSkipped(path, "symbolic link");
				return undefined;
			}
			stats = await stat(path);
			if (levels.some((level) => level.identity === identityOf(stats))) {
				throw new SourceError("SOURCE_UNREADABLE", "the link leads back to a directory it is in");
			}
		}
		if (stats.isFile()) return { relativePath, path, kind: "file", stats, local: false }; // or wherever the link leads
		if (stats.isDirectory()) return { relativePath, path, kind: "directory", stats, local };
		onSkipped(path, describeSpecial(stats));
	} catch (error) {
		onUnreadable(path, error);
	}
	return undefined;
}

export function describeSpecial(stats: Stats): string {
	if (stats.isFIFO()) return "FIFO";
	if (stats.isSocket()) return "socket";
	if (stats.isCharacterDevice() || stats.isBlockDevice()) return "device";
	return "special file";
}

/** One sentence on why something cannot be read. */
export function describeFileError(error: unknown): string {
	const code = errorCode(error);
	switch (code) {
		case "ENOENT":
			return "does not exist";
		case "EACCES":
		case "EPERM":
			return "permission denied";
		case "ELOOP":
			return "too many levels of symbolic links";
		case "ENAMETOOLONG":
			return "the path is too long for the system";
		default:
			return messageOf(error);
	}
}

const FILE = "f";
const DIRECTORY = "d";
/** A link that leads to a directory and is followed: sorts like one, and is looked at like any link. */
const LINKED_DIRECTORY = "l";
const OTHER = "o";

/**
 * A directory's listing as compact strings that sort into the order of entry names, with the type behind a
 * NUL, which no name has. A directory sorts as if it ended in `/`: its contents follow it at once and
 * still stand in byte order among its neighbours.
 */
function sortableName(found: Dirent<Buffer>, linkedDirectory: boolean): string {
	const name = found.name.toString("latin1");
	if (found.isDirectory()) return `${name}/\0${DIRECTORY}`;
	if (linkedDirectory) return `${name}/\0${LINKED_DIRECTORY}`;
	return `${name}\0${found.isFile() ? FILE : OTHER}`;
}

async function linkedDirectories(
	directory: Buffer,
	found: readonly Dirent<Buffer>[],
): Promise<ReadonlySet<Dirent<Buffer>>> {
	const linked = new Set<Dirent<Buffer>>();
	for (const item of found) {
		if (!item.isSymbolicLink()) continue;
		const path = Buffer.concat([Buffer.from(startOfPaths(directory), "latin1"), item.name]);
		const stats = await stat(path).catch(() => undefined); // reported in its turn
		if (stats?.isDirectory()) linked.add(item);
	}
	return linked;
}

function typeOf(sortable: string): string {
	return sortable.charAt(sortable.length - 1);
}

/** Where that is which a directory lists, and its relative path as text. */
function locate(
	{ relativePath: parent, pathStart }: Level,
	sortable: string,
): { relativePath: string; path: Buffer; text: string; isDirectory: boolean } {
	const type = typeOf(sortable);
	const slash = type === DIRECTORY || type === LINKED_DIRECTORY;
	const name = sortable.slice(0, slash ? -3 : -2);
	const relativePath = parent === "" ? name : `${parent}/${name}`;
	const path = Buffer.from(pathStart + name, "latin1");
	return { relativePath, path, text: textOf(relativePath), isDirectory: type === DIRECTORY };
}

/** By UTF-16 code units, which in a byte string are its bytes. */
function compareBytes(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function startOfPaths(directory: Buffer): string {
	const text = directory.toString("latin1");
	return text.endsWith("/") ? text : `${text}/`;
}

const ASCII = /^[\0-\x7f]*$/;

function textOf(byteString: string): string {
	return ASCII.test(byteString) ? byteString : Buffer.from(byteString, "latin1").toString("utf8");
}

function identityOf(stats: Stats): string {
	return `${stats.dev}:${stats.ino}`;
}
