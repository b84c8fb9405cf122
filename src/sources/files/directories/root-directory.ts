import { readlinkSync, statfsSync } from "node:fs";
import type { Directory } from "../place.ts";
import { CheckedDirectory } from "./checked-directory.ts";
import { openRoot } from "./open-directory.ts";

/**
 * The root of a tree. Its path may lead through links, as the caller means whatever is there.
 *
 * Linux opens directories one by one, each through the descriptor of the one above. Elsewhere, and without
 * `/proc`, a directory is looked at again before each call, which leaves a moment in which it can be replaced.
 *
 * @param followLinks - Links on the way lead on, for those who ask for that.
 */
export function rootDirectory(path: Buffer, followLinks: boolean): Directory {
	const root = path.toString("latin1");
	const descriptors = descriptorPaths();
	return descriptors === undefined
		? new CheckedDirectory(root, followLinks)
		: openRoot(root, followLinks, descriptors);
}

const PROC_SUPER_MAGIC = 0x9fa0;

let known: { readonly paths: string | undefined } | undefined;

/**
 * The path under which this process finds its own descriptors as directories, with a slash at the end;
 * `undefined` if there is no such place. By its number it takes the kernel less time than as `self`.
 */
function descriptorPaths(): string | undefined {
	known ??= { paths: findDescriptorPaths() };
	return known.paths;
}

function findDescriptorPaths(): string | undefined {
	if (process.platform !== "linux") return undefined;
	try {
		const paths = `/proc/${readlinkSync("/proc/self")}/fd/`;
		return statfsSync(paths).type === PROC_SUPER_MAGIC ? paths : undefined;
	} catch {
		return undefined; // no /proc, as in a chroot
	}
}
