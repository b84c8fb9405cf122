import { startOfPaths } from "../../sources/files/place.ts";
import { byteStringOf } from "./byte-string.ts";
import { targetError } from "./target-error.ts";
import type { TargetDirectory } from "./target-tree.ts";

/**
 * Holds directories open, and gives the beginnings of the paths below them, which lead there as long as `use` takes.
 *
 * @param use - Called again if it fails for want of file descriptors.
 */
export async function within<Result>(
	directories: readonly TargetDirectory[],
	use: (paths: readonly string[]) => Promise<Result>,
	paths: readonly string[] = [],
): Promise<Result> {
	const next = directories[paths.length];
	if (next === undefined) return use(paths);
	const place = next.directory.place("");
	try {
		return await place.later((path) =>
			within(directories, use, [...paths, startOfPaths(byteStringOf(path))]),
		);
	} catch (error) {
		throw targetError(place.path.toString(), error);
	}
}
