import { statfs } from "node:fs/promises";
import { describeSize } from "../../bytes/units.ts";
import { DestinationError } from "../../errors.ts";
import { errorCode } from "../../sources/files/file-system.ts";

/**
 * Makes sure that as many bytes fit onto the disk, as far as that can be known.
 *
 * @param path - Of a directory that is there.
 * @throws {DestinationError}
 */
export async function checkFreeSpace(path: string, size: number): Promise<void> {
	const free = await freeSpace(path);
	if (free === undefined || size <= free) return;
	throw new DestinationError(
		`cannot write to ${path}: ${describeSize(size)} are to be extracted, and ${describeSize(free)} are free`,
	);
}

/** `undefined` if the file system does not tell. */
async function freeSpace(path: string): Promise<number | undefined> {
	try {
		const { bavail, bsize, blocks } = await statfs(path);
		return blocks === 0 ? undefined : bavail * bsize;
	} catch (error) {
		if (errorCode(error) !== undefined) return undefined;
		throw error;
	}
}
