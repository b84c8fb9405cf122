import type { Path } from "../../sources/files/file-system.ts";

/** A path for `node:fs` as a byte string. Paths that are text are ASCII. */
export function byteStringOf(path: Path): string {
	return typeof path === "string" ? path : path.toString("latin1");
}
