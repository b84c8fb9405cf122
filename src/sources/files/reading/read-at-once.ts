import type { WholeData } from "../../../zip/entry.ts";
import { openNow } from "../file-system.ts";
import type { Place } from "../place.ts";
import { readSmall } from "./read-small.ts";

/** Reads a small regular file, see {@link readSmall}. */
export function readAtOnce(
	place: Place,
	take: (size: number) => Uint8Array,
): Required<WholeData> | undefined {
	return readSmall((flags) => place.now((path) => openNow(path, flags)), take);
}
