import { type FileHandle, open, writeFile } from "node:fs/promises";
import { ZipStream } from "../../src/index.ts";
import type { CaseSource } from "./cases/case.ts";

const ZEROS = Buffer.alloc(1 << 20);

/** Archives the source into a file. Runs of zeros become holes: an archive of 5 GiB of them takes no disk. */
export async function makeArchive(
	{ tree, generated, archive, options = {} }: CaseSource,
	path: string,
): Promise<void> {
	if (archive !== undefined) return writeFile(path, archive, { flag: "wx" });
	const zip = new ZipStream(options);
	if (tree !== undefined) zip.addPath(tree, "");
	if (generated !== undefined) zip.addEntries(generated);
	const file = await open(path, "wx");
	try {
		await writeSparse(file, zip);
	} finally {
		await file.close();
	}
}

async function writeSparse(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> {
	let offset = 0;
	for await (const chunk of chunks) {
		if (!isZero(chunk)) await file.write(chunk, 0, chunk.byteLength, offset);
		offset += chunk.byteLength;
	}
	await file.truncate(offset);
}

function isZero(chunk: Uint8Array): boolean {
	return (
		chunk.byteLength <= ZEROS.byteLength && Buffer.compare(chunk, ZEROS.subarray(0, chunk.byteLength)) === 0
	);
}
