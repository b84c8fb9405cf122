import { lutimesSync, symlinkSync, unlinkSync } from "node:fs";
import { pathOf } from "../../../sources/files/byte-paths.ts";
import { startOfPaths } from "../../../sources/files/place.ts";
import type { PlacedEntry } from "../../target.ts";
import { byteStringOf } from "../byte-string.ts";
import { targetError } from "../target-error.ts";
import type { TargetDirectory } from "../target-tree.ts";
import { type Publishing, publish } from "./publish.js";

/**
 * Makes a symbolic link.
 *
 * @param target - As a byte string.
 */
export function makeLink(
	{ path, mtime }: PlacedEntry,
	target: string,
	{ directory }: TargetDirectory,
	draft: string,
	publishing: Publishing,
): void {
	const name = path.slice(path.lastIndexOf("/") + 1);
	try {
		directory.place("").now((wayIn) => {
			const start = startOfPaths(byteStringOf(wayIn));
			const draftPath = pathOf(start + draft);
			symlinkSync(pathOf(target), draftPath);
			try {
				lutimesSync(draftPath, mtime, mtime);
				publish(draftPath, pathOf(start + name), publishing);
			} catch (error) {
				unlinkSync(draftPath);
				throw error;
			}
		});
	} catch (error) {
		throw targetError(directory.place(name).path.toString(), error);
	}
}
