import { readlink } from "node:fs/promises";
import * as nodePath from "node:path";
import { errorCode } from "../../sources/files/file-system.ts";
import { destination, unwritable } from "./destination.ts";

/** As many as Linux follows. */
const MAX_LINKS = 40;

/**
 * A path, then each path that a symbolic link leads to from there; the last one is no link, or nothing yet.
 * Step by step, because the system resolves only links that lead to something.
 *
 * @throws {DestinationError} for a circle of links, or what cannot be looked at.
 */
export async function* linkSteps(target: string): AsyncGenerator<string, void, undefined> {
	let path = target;
	for (let links = 0; links <= MAX_LINKS; links += 1) {
		yield path;
		const link = await destination(target, linkOf(path));
		if (link === undefined) return;
		if (link.includes("\ufffd")) throw unwritable(target, "the link leads to a name that is not UTF-8");
		path = nodePath.isAbsolute(link) ? link : `${nodePath.dirname(path)}/${link}`;
	}
	throw unwritable(target, "ELOOP: its symbolic links lead in a circle");
}

async function linkOf(path: string): Promise<string | undefined> {
	try {
		return await readlink(path);
	} catch (error) {
		if (errorCode(error) === "EINVAL" || errorCode(error) === "ENOENT") return undefined; // no link, or nothing
		throw error;
	}
}
