/** What a stranger's archive could use against others: setuid, setgid, sticky, and permission for everybody to write. */
const HARMFUL = 0o7002;

/**
 * Permissions that an entry gets.
 *
 * @param mode - Of the archive; `undefined` if it has none.
 * @param preserve - As they are.
 */
export function restoredMode(mode: number | undefined, preserve: boolean): number | undefined {
	return mode === undefined || preserve ? mode : mode & ~HARMFUL;
}
