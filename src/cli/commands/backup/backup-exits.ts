import type { OwnExit } from "../../exit-codes.ts";

/** What exit codes of a backup mean. */
export const BACKUP_EXITS: readonly OwnExit[] = [
	["incomplete", "complete, but some sources could not be read, and nothing older was removed"],
	["source", "a source, a command or a hook failed; the message says if an archive was published"],
	[
		"storage",
		"the storage refused, or there are no credentials; the message says if an archive was published",
	],
	["network", "the network failed despite retries; the message says if an archive was published"],
	"integrity",
	"locked",
	["destination", "there is an archive of this time already"],
];
