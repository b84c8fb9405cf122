import type { BackupArchive } from "./archive-facts.ts";
import { isComplete, isVerified } from "./archive-state.ts";

/**
 * The archives of a job in groups, each of which a policy is applied to as if there were no others. What it keeps of any
 * of them stays. So an archive that is worth less takes nobody's place: one that was never read back, one that
 * lacks what could not be read, one whose time says that a clock was wrong.
 *
 * @returns all, those that were verified, and the sound ones among these; a group that is the same as the one before is
 * left out
 */
export function policyGroups(
	archives: readonly BackupArchive[],
	now: Date,
): readonly (readonly BackupArchive[])[] {
	const verified = archives.filter(isVerified);
	const sound = verified.filter((archive) => isComplete(archive) && archive.time <= now);
	return [archives, verified, sound].filter(
		(group, index, groups) => index === 0 || group.length < (groups[index - 1]?.length ?? 0),
	);
}
