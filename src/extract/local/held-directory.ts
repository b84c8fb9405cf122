import { startOfPaths } from "../../sources/files/place.ts";
import { byteStringOf } from "./byte-string.ts";
import { targetError } from "./target-error.ts";
import type { TargetDirectory } from "./target-tree.ts";

/**
 * Holds a directory open, and gives the beginning of the paths below it, which leads there as long as `use` takes.
 *
 * @param use - Called again if it fails for want of file descriptors.
 */
export async function within<Result>(
	{ directory }: TargetDirectory,
	use: (start: string) => Promise<Result>,
): Promise<Result> {
	const place = directory.place("");
	try {
		return await place.later((path) => use(startOfPaths(byteStringOf(path))));
	} catch (error) {
		throw targetError(place.path.toString(), error);
	}
}
