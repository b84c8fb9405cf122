import * as fs from "node:fs";
import { KiB } from "../../../bytes/units.ts";
import type { WholeData } from "../../../zip/entry.ts";
import { openNow } from "../file-system.ts";
import type { Place } from "../place.ts";
import { hasNewContents } from "./file-reader.ts";

/** Never waits for the other end of a FIFO that has taken the file's place, nor follows a link. */
const FLAGS = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW;

/** Longer files are worth reading beside everything else. */
const LARGEST = 256 * KiB;

/**
 * Reads a small regular file with blocking calls of about 2 µs each; for disks of this machine. Whatever is
 * not as it should be (no such file, no right to read it, none left of the process's descriptors, changed
 * meanwhile) gives `undefined`: opening it in the ordinary way finds out, and has the words for it.
 */
export function readAtOnce(place: Place, take: (size: number) => Uint8Array): WholeData | undefined {
	let fd: number | undefined;
	try {
		fd = place.now((path) => openNow(path, FLAGS));
		const before = fs.fstatSync(fd);
		const { size, mtimeMs, mode } = before;
		// Files of /proc and /sys say that they are empty, and have to be read to find out.
		if (!before.isFile() || size === 0 || size > LARGEST) return undefined;
		const bytes = take(size);
		if (fs.readSync(fd, bytes, 0, size, 0) !== size) return undefined;
		if (hasNewContents(before, fs.fstatSync(fd))) return undefined;
		return { bytes, mtimeMs, mode: mode & 0o7777 };
	} catch {
		return undefined;
	} finally {
		if (fd !== undefined) fs.closeSync(fd);
	}
}
