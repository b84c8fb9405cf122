import * as fs from "node:fs";
import { KiB } from "../../../bytes/units.ts";
import type { WholeData } from "../../../zip/entry.ts";
import { hasNewContents } from "./has-new-contents.ts";

/** Longer files are worth reading beside everything else. */
export const LARGEST_SMALL: number = 256 * KiB;

/** Never waits for the other end of a FIFO that has taken the file's place, nor follows a link. */
const FLAGS = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW;

const ONE_BYTE = new Uint8Array(1);

/**
 * Reads a small regular file with blocking calls of about 2 µs each; for disks of this machine. Whatever is
 * not as it should be (no such file, no right to read it, none left of the process's descriptors, changed
 * meanwhile) gives `undefined`: opening it in the ordinary way finds out, and has the words for it.
 *
 * @param open - Opens it with these flags.
 * @param take - Gives memory for the data.
 */
export function readSmall(
	open: (flags: number) => number,
	take: (size: number) => Uint8Array,
): Required<WholeData> | undefined {
	let fd: number | undefined;
	try {
		fd = open(FLAGS);
		const before = fs.fstatSync(fd);
		const { size, mtimeMs, mode } = before;
		if (!before.isFile() || size > LARGEST_SMALL) return undefined;
		// Files of /proc and /sys say that they are empty, and have to be read to find out.
		const bytes = size === 0 ? ONE_BYTE : take(size);
		if (fs.readSync(fd, bytes, 0, bytes.byteLength, 0) !== size) return undefined;
		if (hasNewContents(before, fs.fstatSync(fd))) return undefined;
		return { bytes: size === 0 ? NOTHING : bytes, mtimeMs, mode: mode & 0o7777 };
	} catch {
		return undefined;
	} finally {
		if (fd !== undefined) fs.closeSync(fd);
	}
}

const NOTHING = new Uint8Array(0);
