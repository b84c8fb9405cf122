/** A key of what is written beside an archive while many workers make it, up to the end of the plan's own prefix. */
const HELPER = /^(.+\.zipferry-shards\/[\da-f]{32}\/)(?:manifest\.json|(?:entries|slices)\/\d{6,})$/s;

/**
 * What the helper objects of a plan begin with, if this is the key of one. Like drafts on disk they get into no archive: they are there
 * for as long as their archive is not complete, or were left by a plan that nobody has finished or aborted.
 */
export function planOfHelper(key: string): string | undefined {
	return key.includes(".zipferry-shards/") ? HELPER.exec(key)?.[1] : undefined;
}
