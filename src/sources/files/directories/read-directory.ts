import { type Dirent, opendir, readdirSync } from "node:fs";
import { Turns } from "../../../async/turns.ts";
import { KiB } from "../../../bytes/units.ts";
import { ASCII } from "../byte-paths.ts";
import { type Path, stat } from "../file-system.ts";
import type { Place } from "../place.ts";
import { Listing } from "./listing.ts";

export interface ReadDirectoryOptions {
	/** Blocking calls are in order. */
	readonly blocking: boolean;
	/** Bytes of the directory itself, which grow with what is in it. */
	readonly size: number;
	readonly followLinks: boolean;
}

/** A directory of a few hundred names. */
const SMALL = 16 * KiB;

/** Names that are read with one call. */
const BATCH_SIZE = 1024;

const SLASH = Buffer.from("/");

/**
 * Lists a directory that is not very large with blocking calls, if these are in order. Whatever is out of the ordinary gives `undefined`, and {@link readDirectory} deals with it.
 */
export function listNow(
	place: Place,
	{ blocking, size, followLinks }: ReadDirectoryOptions,
): Listing | undefined {
	if (!blocking || size > SMALL) return undefined;
	try {
		const found = place.now(namesIn);
		if (followLinks && found.some((item) => item.isSymbolicLink())) return undefined; // leads who knows where
		const listing = new Listing();
		addAll(listing, found);
		listing.sort();
		return listing;
	} catch {
		return undefined;
	}
}

/**
 * Names with their types, as byte strings if that can be. Where a file system leaves types out of its listings, Node looks them up
 * under the name, as which it takes a byte string for text: so only ASCII may be read that way.
 */
function namesIn(path: Path): readonly (Dirent | Dirent<Buffer>)[] {
	const found = readdirSync(path, { encoding: "latin1", withFileTypes: true });
	return found.every(({ name }) => ASCII.test(name))
		? found
		: readdirSync(path, { encoding: "buffer", withFileTypes: true });
}

/** Lists a directory. Memory is needed for the bytes of its names, and little else. */
export function readDirectory(place: Place, options: ReadDirectoryOptions): Promise<Listing> {
	return place.later((path) => readBatches(path, options));
}

async function readBatches(path: Path, { blocking, followLinks }: ReadDirectoryOptions): Promise<Listing> {
	const listing = new Listing();
	const turns = new Turns(); // on a local disk nothing is waited for
	const directory = await openForReading(path);
	try {
		for (let ended = false; !ended; ) {
			const batch: Dirent<Buffer>[] = [];
			while (!ended && batch.length < BATCH_SIZE) {
				const item = blocking ? directory.readSync() : await directory.read();
				if (item === null) ended = true;
				else batch.push(item);
			}
			addAll(listing, batch, followLinks ? await linkedDirectories(path, batch) : undefined);
			if (turns.due) await turns.give();
		}
	} finally {
		directory.closeSync();
	}
	listing.sort();
	return listing;
}

function addAll(
	listing: Listing,
	found: readonly (Dirent<Buffer> | Dirent)[],
	linked?: ReadonlySet<Dirent<Buffer> | Dirent>,
): void {
	for (const item of found) listing.add(item, linked?.has(item) === true);
}

/** @param path - Of the directory they are in. */
async function linkedDirectories(
	path: Path,
	found: readonly Dirent<Buffer>[],
): Promise<ReadonlySet<Dirent<Buffer>>> {
	const linked = new Set<Dirent<Buffer>>();
	for (const item of found) {
		if (!item.isSymbolicLink()) continue;
		const stats = await stat(Buffer.concat([Buffer.from(path), SLASH, item.name])).catch(() => undefined); // reported in its turn
		if (stats?.isDirectory()) linked.add(item);
	}
	return linked;
}

/** A `Dir` whose names are bytes. */
interface DirectoryReader {
	read(): Promise<Dirent<Buffer> | null>;
	readSync(): Dirent<Buffer> | null;
	closeSync(): void;
}

/**
 * Names are asked for as the bytes that they are. (With names as text, Node cannot look up the types that some
 * file systems leave out of their listings.)
 */
function openForReading(path: Path): Promise<DirectoryReader> {
	return new Promise((resolve, reject) => {
		const options = { encoding: "buffer" as BufferEncoding, bufferSize: BATCH_SIZE }; // which the types leave out
		opendir(path, options, (error, directory) =>
			error ? reject(error) : resolve(directory as unknown as DirectoryReader),
		);
	});
}
