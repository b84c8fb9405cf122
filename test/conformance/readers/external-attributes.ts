import type { Kind } from "../entry-facts.ts";

/** Kind of an entry by the Unix mode in its external file attributes. */
export function kindOf(externalAttributes: number): Kind {
	switch (externalAttributes >>> 28) {
		case 0o04:
			return "directory";
		case 0o12:
			return "symlink";
		default:
			return "file";
	}
}

/** Permission bits in the external file attributes. */
export function modeOf(externalAttributes: number): number {
	return (externalAttributes >>> 16) & 0o7777;
}
