import { realpath } from "node:fs/promises";
import * as nodePath from "node:path";
import { unwritable } from "../../archive/output/destination.ts";
import { pathsBehind, thingAt } from "../../archive/output/links.ts";
import { isInternal } from "./own-descriptors.ts";

/** What the name of a destination leads to. */
export type OutputTarget =
	/** A descriptor of this process; 1 is stdout. */
	| { readonly kind: "descriptor"; readonly fd: number }
	/** Written to as it is. */
	| { readonly kind: "fifo" | "device"; readonly path: string }
	/** A file, there or not; no link. */
	| { readonly kind: "file"; readonly path: string };

const STDOUT: OutputTarget = { kind: "descriptor", fd: 1 };

/**
 * Follows the links that a destination may be. Those of `/proc` (`/dev/stdout` is one) lead to no paths: they
 * stand for something that is open.
 *
 * @throws {DestinationError} for a directory, a circle of links, or what cannot be looked at.
 */
export async function resolveTarget(target: string): Promise<OutputTarget> {
	if (target === "-") return STDOUT;
	let last = target;
	for await (const path of pathsBehind(target)) {
		const open = await openThing(path);
		if (open !== undefined) return open;
		last = path;
	}
	return targetAt(target, last);
}

/** What is in a directory of open descriptors. */
async function openThing(path: string): Promise<OutputTarget | undefined> {
	const name = nodePath.basename(path);
	if (!/^\d+$/.test(name)) return undefined;
	const directory = await realpath(nodePath.dirname(path)).catch(() => ""); // pathsBehind() tells why
	const pid = /^\/proc\/(\d+)(?:\/task\/\d+)?\/fd$/.exec(directory)?.[1];
	if (directory === "/dev/fd" || pid === String(process.pid)) {
		if (isInternal(name)) throw unwritable(path, "there is nothing to write to under that number");
		return { kind: "descriptor", fd: Number(name) };
	}
	// Of another process: opened by this name it is the same thing, if that has a name.
	return pid === undefined ? undefined : targetAt(path, path, "device");
}

/** @param file - What a regular file counts as. */
async function targetAt(
	target: string,
	path: string,
	file: "file" | "device" = "file",
): Promise<OutputTarget> {
	const stats = await thingAt(target, path);
	if (stats === undefined || stats.isFile()) return { kind: file, path };
	return { kind: stats.isFIFO() ? "fifo" : "device", path };
}
