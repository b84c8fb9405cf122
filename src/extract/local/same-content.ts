import { closeSync, constants, readFileSync, readlinkSync, type Stats } from "node:fs";
import { crc32 } from "../../bytes/crc32.ts";
import { MiB } from "../../bytes/units.ts";
import { fstat, openNow, type Path, read } from "../../sources/files/file-system.ts";
import type { Place } from "../../sources/files/place.ts";
import type { PlacedEntry } from "../target.ts";

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Whether a file is the one that an entry would become, by size, time (to the second) and CRC-32. */
export async function isSameFile(place: Place, stats: Stats, entry: PlacedEntry): Promise<boolean> {
	if (!isLike(stats, entry)) return false;
	return place.later(async (path) => {
		const fd = openNow(path, FLAGS);
		try {
			return isLike(await fstat(fd), entry) && (await crcOf(fd)) === entry.crc32;
		} finally {
			closeSync(fd);
		}
	});
}

/** The same with blocking calls, for small files: a call that waits for a thread costs more than reading one. */
export function isSameFileNow(place: Place, stats: Stats, entry: PlacedEntry): boolean {
	return isLike(stats, entry) && place.now((path) => crc32(readNow(path))) === entry.crc32;
}

function readNow(path: Path): Uint8Array {
	const fd = openNow(path, FLAGS);
	try {
		return readFileSync(fd);
	} finally {
		closeSync(fd);
	}
}

/** Whether a link leads where an entry's would, as a byte string. */
export function isSameLink(place: Place, target: string): boolean {
	return place.now((path) => readlinkSync(path, "latin1")) === target;
}

function isLike(stats: Stats, { uncompressedSize, mtime }: PlacedEntry): boolean {
	const sameTime = Math.floor(stats.mtimeMs / 1000) === Math.floor(mtime.getTime() / 1000);
	return stats.isFile() && stats.size === uncompressedSize && sameTime;
}

async function crcOf(fd: number): Promise<number> {
	const buffer = Buffer.allocUnsafeSlow(MiB);
	let crc = 0;
	for (let position = 0; ; ) {
		const count = await read(fd, buffer, position);
		if (count === 0) return crc;
		crc = crc32(buffer.subarray(0, count), crc);
		position += count;
	}
}
