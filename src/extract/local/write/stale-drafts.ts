import { readdirSync, unlinkSync } from "node:fs";
import { writerOfExtracted } from "../../../sources/files/drafts/drafts.ts";
import { hasEnded, markOfThisProcess } from "../../../sources/files/drafts/process-mark.ts";
import type { Directory } from "../../../sources/files/place.ts";

/**
 * Removes drafts that an extraction has left which was killed; no others, as somebody may be writing to them. Whatever cannot be
 * listed or removed stays: archives leave it out, and it is in nobody's way.
 *
 * @param onLocalDisk - Whether only this machine can write to the directory.
 */
export function removeStaleDrafts(directory: Directory, onLocalDisk: boolean): void {
	try {
		const own = markOfThisProcess();
		for (const name of directory.place("").now((path) => readdirSync(path, "latin1"))) {
			const writer = writerOfExtracted(name);
			if (writer !== undefined && hasEnded(writer, own, onLocalDisk)) directory.place(name).now(unlinkSync);
		}
	} catch {
		// What is wrong with the directory shows when it is written to.
	}
}
