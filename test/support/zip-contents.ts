import { buffer } from "node:stream/consumers";
import { type Entry, fromBufferPromise } from "yauzl";

/** One entry as yauzl reads it. */
export interface ReadEntry {
	readonly data: Buffer;
	/** Type and permission bits. */
	readonly mode: number;
	readonly mtime: Date;
}

/** A whole archive, read by a reader that is not ours: names, in order, to what they hold. */
export async function zipContents(archive: Uint8Array): Promise<Map<string, ReadEntry>> {
	const contents = new Map<string, ReadEntry>();
	const zip = await fromBufferPromise(Buffer.from(archive), { strictFileNames: true });
	for await (const entry of zip.eachEntry()) {
		contents.set(entry.fileName, {
			data: await buffer(await zip.openReadStreamPromise(entry)),
			mode: modeOf(entry),
			mtime: entry.getLastModDate({ timezone: "UTC" }),
		});
	}
	return contents;
}

/** Names of the entries, in order. */
export async function zipNames(archive: Uint8Array): Promise<string[]> {
	return [...(await zipContents(archive)).keys()];
}

function modeOf({ externalFileAttributes }: Entry): number {
	return externalFileAttributes >>> 16;
}
