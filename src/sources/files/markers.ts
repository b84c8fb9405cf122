import { closeSync, constants } from "node:fs";
import { isOutOfDescriptors } from "./descriptors.ts";
import { close, fstat, fstatNow, open, openNow, type Path, read, readNow } from "./file-system.ts";
import { type Directory, lookAt, type Place } from "./place.ts";

/** A file whose presence marks a directory. */
export interface DirectoryMarker {
	/** Name of the file, without a path. */
	readonly name: string;
	/** Text that the file has to begin with. */
	readonly header?: string | undefined;
}

/** The tag of cache directories, as https://bford.info/cachedir/ defines it. */
const CACHE_TAG: DirectoryMarker = {
	name: "CACHEDIR.TAG",
	header: "Signature: 8a477f597d28d172789f06886806bc55",
};

export interface Marker {
	/** As a byte string. */
	readonly name: string;
	readonly header: Buffer;
}

/** The markers that options ask for. */
export function markersOf(options: {
	readonly excludeCaches: boolean;
	readonly excludeIfPresent: readonly DirectoryMarker[];
}): readonly Marker[] {
	const markers = options.excludeCaches ? [CACHE_TAG, ...options.excludeIfPresent] : options.excludeIfPresent;
	return markers.map(({ name, header = "" }) => ({
		name: Buffer.from(name).toString("latin1"),
		header: Buffer.from(header),
	}));
}

/** The names of the markers that a directory has; `undefined` if it has none. */
export async function markersIn(
	directory: Directory,
	markers: readonly Marker[],
	blocking: boolean,
): Promise<ReadonlySet<string> | undefined> {
	let found: Set<string> | undefined;
	for (const marker of markers) {
		const there = isThere(directory.place(marker.name), marker.header, blocking);
		if (!(typeof there === "boolean" ? there : await there)) continue;
		found ??= new Set();
		found.add(marker.name);
	}
	return found;
}

/** Never waits for the other end of a FIFO, nor follows a link. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** A marker that cannot be read marks nothing: it is archived, and that tells what is wrong with it. */
function isThere(place: Place, header: Buffer, blocking: boolean): boolean | Promise<boolean> {
	if (header.byteLength === 0) return isAnything(place, blocking);
	if (!blocking) return beginsLater(place, header);
	try {
		return place.now((path) => beginsWith(path, header));
	} catch (error) {
		return isOutOfDescriptors(error) ? beginsLater(place, header) : false;
	}
}

async function isAnything(place: Place, blocking: boolean): Promise<boolean> {
	try {
		await lookAt(place, blocking);
		return true;
	} catch {
		return false;
	}
}

function beginsWith(path: Path, header: Buffer): boolean {
	const fd = openNow(path, FLAGS);
	try {
		if (!fstatNow(fd).isFile()) return false;
		const start = Buffer.alloc(header.byteLength);
		return readNow(fd, start, 0) === start.byteLength && start.equals(header);
	} finally {
		closeSync(fd);
	}
}

async function beginsLater(place: Place, header: Buffer): Promise<boolean> {
	try {
		const fd = await place.later((path) => open(path, FLAGS), { giveBack: close });
		try {
			if (!(await fstat(fd)).isFile()) return false;
			const start = Buffer.alloc(header.byteLength);
			return (await read(fd, start, 0)) === start.byteLength && start.equals(header);
		} finally {
			await close(fd);
		}
	} catch {
		return false;
	}
}
