import type { EntryPin } from "./entry-pin.ts";

/** Whether a file that is there now is in the state in which it was found. */
export function isPinned(pin: Pick<EntryPin, "size" | "mtimeMs">, size: number, mtimeMs: number): boolean {
	return size === pin.size && mtimeMs === pin.mtimeMs;
}
