/** A key of what is written beside an archive while many workers make it, up to the end of the plan's own prefix. */
const HELPER = /^(.+\.zipferry-shards\/[\da-f]{32}\/)(?:manifest\.json|(?:entries|slices)\/\d{6,})$/s;

/**
 * What the helper objects of a plan begin with, if this is the key of one. Like drafts on disk they get into no archive: they are there
 * for as long as their archive is not complete, or were left by a plan that nobody has finished or aborted.
 */
export function planOfHelper(key: string): string | undefined {
	return key.includes(".zipferry-shards/") ? HELPER.exec(key)?.[1] : undefined;
}

const JOINED_SUFFIX = ".zipferry-joined/";
const JOINED = /^(.+\.zipferry-joined\/)\d+-\d+$/s;

/**
 * Beginning of the keys of the temporary objects in which runs of the base of an archive are joined. They are always the same, so that a
 * run finds, replaces and removes what one has left that was killed.
 *
 * @param key - Of the archive.
 */
export function joinedPrefix(key: string): string {
	return `${key}${JOINED_SUFFIX}`;
}

/** Key of one of them: the runs of a chain are joined one after the other. */
export function joinedKey(key: string, chain: number, join: number): string {
	return `${joinedPrefix(key)}${chain}-${join}`;
}

/** What such objects of an archive begin with, if this is the key of one; they get into no archive either. */
export function prefixOfJoined(key: string): string | undefined {
	return key.includes(JOINED_SUFFIX) ? JOINED.exec(key)?.[1] : undefined;
}

/** Key of the archive that such an object is, or was, needed for. */
export function archiveOfJoined(key: string): string | undefined {
	return prefixOfJoined(key)?.slice(0, -JOINED_SUFFIX.length);
}

const DRAFT_SUFFIX = ".zipferry-draft";

/**
 * Key of the object that an archive is until it takes the place of the one that it was made from, in a bucket that keeps no versions. It
 * is always the same, so that a run finds, resumes and replaces what one has left that was killed.
 */
export function draftKey(key: string): string {
	return `${key}${DRAFT_SUFFIX}`;
}

/** What the keys of drafts end with, and of the object that copying is tried with. */
const DRAFT = /[^/]\.zipferry-(?:draft|probe)$/s;

/** Whether this is such a key: those objects get into no archive either. */
export function isDraftKey(key: string): boolean {
	return key.includes(".zipferry-") && DRAFT.test(key);
}
