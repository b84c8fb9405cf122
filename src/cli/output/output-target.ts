import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import * as nodePath from "node:path";
import { destination, unwritable } from "../../archive/output/destination.ts";
import { linkSteps } from "../../archive/output/link-steps.ts";
import { DestinationError } from "../../errors.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { isInternal } from "./own-descriptors.ts";

/** The target that the name of a destination leads to. */
export type OutputTarget =
	/** A descriptor of this process; 1 is stdout. */
	| { readonly kind: "descriptor"; readonly fd: number }
	/** Written to as it is. */
	| { readonly kind: "fifo" | "device"; readonly path: string }
	/** A file, there or not; no link. */
	| { readonly kind: "file"; readonly path: string };

const STDOUT: OutputTarget = { kind: "descriptor", fd: 1 };

/**
 * Follows the links that a destination may be, as a user who puts one there wants its target written and
 * the link kept. Step by step, because the last step may lead to what is not there yet, and because those of
 * `/proc` (`/dev/stdout` is one) are no paths: they stand for something that is open.
 *
 * @throws {DestinationError} for a directory, a circle of links, or what cannot be looked at.
 */
export async function resolveTarget(target: string): Promise<OutputTarget> {
	if (target === "-") return STDOUT;
	let last = target;
	for await (const path of linkSteps(target)) {
		const open = await openThing(path);
		if (open !== undefined) return open;
		last = path;
	}
	return thingAt(target, last);
}

/** How an error calls the file: as it was named, and where that is if links lead there. */
export function nameOf(target: string, path: string): string {
	return target === path ? target : `${target} (a link to ${path})`;
}

/** An entry of a directory of open descriptors. */
async function openThing(path: string): Promise<OutputTarget | undefined> {
	const name = nodePath.basename(path);
	if (!/^\d+$/.test(name)) return undefined;
	const directory = await realpath(nodePath.dirname(path)).catch(() => ""); // linkSteps() tells why
	const pid = /^\/proc\/(\d+)(?:\/task\/\d+)?\/fd$/.exec(directory)?.[1];
	if (directory === "/dev/fd" || pid === String(process.pid)) {
		if (isInternal(name)) throw unwritable(path, "there is nothing to write to under that number");
		return { kind: "descriptor", fd: Number(name) };
	}
	// It belongs to another process: opened by this name it is the same file, if that has a name.
	return pid === undefined ? undefined : thingAt(path, path, "device");
}

async function thingAt(
	target: string,
	path: string,
	file: "file" | "device" = "file",
): Promise<OutputTarget> {
	const name = nameOf(target, path);
	const stats = await destination(name, statOf(path));
	if (stats?.isDirectory() || (stats === undefined && path.endsWith("/"))) {
		const what = stats === undefined ? "would be a directory, and is not there" : "is a directory";
		throw new DestinationError(`${name} ${what}; add the name of the archive`);
	}
	if (stats === undefined || stats.isFile()) return { kind: file, path };
	return { kind: stats.isFIFO() ? "fifo" : "device", path };
}

async function statOf(path: string): Promise<Stats | undefined> {
	try {
		return await stat(path);
	} catch (error) {
		if (errorCode(error) === "ENOENT") return undefined;
		throw error;
	}
}
