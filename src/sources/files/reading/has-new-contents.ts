import type { Stats } from "node:fs";

/**
 * Whether an open file was written to between two looks at it. `ctime` says nothing of that: a new mode, owner or
 * name and one link more or less change it too.
 */
export function hasNewContents(before: Stats, after: Stats): boolean {
	return after.size !== before.size || after.mtimeMs !== before.mtimeMs;
}
