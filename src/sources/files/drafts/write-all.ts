import { write } from "node:fs";
import { promisify } from "node:util";

const writeOnce = promisify(write);

/** Writes a whole chunk, in as many calls as the system needs: a disk that fills up takes a part first. */
export async function writeAll(fd: number, chunk: Uint8Array): Promise<void> {
	for (let offset = 0; offset < chunk.byteLength; )
		offset += (await writeOnce(fd, chunk, offset, chunk.byteLength - offset, null)).bytesWritten;
}
