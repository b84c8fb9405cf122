import type { RangedContent } from "../../sources/ranged-content.ts";

/** The coarsest clock of file systems that are in use (FAT), milliseconds: two changes within it look like one. */
const CLOCK_MS = 2000;

/** Whether a change from now on would show in the identity of a content. */
export function isSettled({ changedMs }: Pick<RangedContent, "changedMs">): boolean {
	return Date.now() - changedMs >= CLOCK_MS;
}
