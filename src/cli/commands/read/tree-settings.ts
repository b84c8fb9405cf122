import type { TreeOptions } from "../../../verify/differences/options.ts";
import { readPatterns } from "../../arguments/parse.ts";
import type { TREE_OPTIONS } from "../../options/verify-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { readMarker } from "../write/archive-settings.ts";

type TreeGiven = Pick<Given<typeof TREE_OPTIONS, unknown>, "values" | "settings">;

/**
 * Which files of a directory count.
 *
 * @throws {InvalidOptionError}
 */
export async function treeSettings(
	{ values, settings }: TreeGiven,
	{ signal }: Pick<Io, "signal">,
): Promise<Required<TreeOptions>> {
	const { exclude = [], "exclude-from": files = [], "exclude-if-present": markers = [] } = values;
	return {
		include: settings.include,
		excludeLargerThan: settings.excludeLargerThan,
		excludeCaches: settings.excludeCaches,
		oneFileSystem: settings.oneFileSystem,
		symlinks: settings.symlinks,
		blockingReads: true, // there is nothing else to do
		exclude: [...exclude, ...(await readPatterns(files, signal))],
		excludeIfPresent: markers.map(readMarker),
	};
}
