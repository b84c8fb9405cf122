/** Bytes that a system follows at most. */
export const LONGEST_LINK = 4095;

/**
 * Why a symbolic link must not be made, in words that go on behind its name; `undefined` if it may.
 *
 * A link may lead up by `..` at its beginning only, and not above the target: the directories it lies in are no links, so the way up
 * is what it looks like. Further on it may pass through other links, which all keep to the same rule.
 *
 * @param path - Of the link below the target.
 * @param target - As a byte string.
 * @param unsafeLinks - Links may lead anywhere.
 */
export function linkObjection(path: string, target: string, unsafeLinks: boolean): string | undefined {
	if (target === "") return "is a symbolic link to nothing";
	if (target.includes("\0")) return "is a symbolic link with a NUL byte in its target";
	if (target.length > LONGEST_LINK) return "is a symbolic link to a path that is too long";
	if (unsafeLinks) return undefined;
	if (/^[/\\]|^[a-z]:[\\/]/i.test(target)) return "is a symbolic link to an absolute path";
	const depth = path.split("/").length - 1;
	const steps = target.split(/[/\\]/).filter((step) => step !== "" && step !== ".");
	const firstDown = steps.findIndex((step) => step !== "..");
	const up = firstDown < 0 ? steps.length : firstDown;
	if (up > depth) return "is a symbolic link that leads out of the target";
	if (steps.lastIndexOf("..") >= up)
		return "is a symbolic link that leads down and up again, and may leave the target";
	return undefined;
}
