import type { Stats } from "node:fs";
import { readlink, stat } from "node:fs/promises";
import * as nodePath from "node:path";
import { DestinationError } from "../../errors.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { destination, existing, unwritable } from "./destination.ts";

/** As many as Linux follows. */
const MAX_LINKS = 40;

/**
 * The path of a destination, and where the symbolic links lead that it may be: whoever puts one there wants what
 * it points to written, and the link kept. Step by step, because the last step may lead to what is not there yet.
 *
 * @returns the target, and each path behind it; the last one is no link.
 * @throws {DestinationError} for a circle of links, or one that cannot be read.
 */
export async function* pathsBehind(target: string): AsyncGenerator<string, void, void> {
	let path = target;
	for (let links = 0; links <= MAX_LINKS; links += 1) {
		yield path;
		const link = await destination(target, linkOf(path));
		if (link === undefined) return;
		if (link.includes("\ufffd")) throw unwritable(target, "the link leads to a name that is not UTF-8");
		// Not normalised: a directory on the way may be a link itself.
		path = nodePath.isAbsolute(link) ? link : `${nodePath.dirname(path)}/${link}`;
	}
	throw unwritable(target, "ELOOP: its symbolic links lead in a circle");
}

/** How an error calls the file: as it was named, and where that is if links lead there. */
export function nameOf(target: string, path: string): string {
	return target === path ? target : `${target} (a link to ${path})`;
}

/**
 * What is under the last path behind a destination; `undefined` if nothing is yet.
 *
 * @throws {DestinationError} for a directory, or what cannot be looked at.
 */
export async function thingAt(target: string, path: string): Promise<Stats | undefined> {
	const name = nameOf(target, path);
	const stats = await destination(name, statOf(path));
	if (stats?.isDirectory() || (stats === undefined && path.endsWith("/"))) {
		const what = stats === undefined ? "would be a directory, and is not there" : "is a directory";
		throw new DestinationError(`${name} ${what}; add the name of the archive`);
	}
	return stats;
}

/**
 * Refuses a regular file where none must be replaced. Devices, FIFOs and what is open already hold nothing that
 * could be.
 *
 * @throws {DestinationError}
 */
export async function refuseFile(target: string, path: string): Promise<void> {
	if ((await thingAt(target, path))?.isFile()) throw existing(nameOf(target, path));
}

async function linkOf(path: string): Promise<string | undefined> {
	try {
		return await readlink(path);
	} catch (error) {
		if (errorCode(error) === "EINVAL" || errorCode(error) === "ENOENT") return undefined; // no link, or nothing
		throw error;
	}
}

async function statOf(path: string): Promise<Stats | undefined> {
	try {
		return await stat(path);
	} catch (error) {
		if (errorCode(error) === "ENOENT") return undefined;
		throw error;
	}
}
