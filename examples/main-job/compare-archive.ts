import type { Stats } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Entry, openPromise, type ZipFile } from "yauzl";

/** A directory and the name it has in the archive. */
export interface SourceRoot {
	readonly name: string;
	readonly path: string;
}

/**
 * Compares an archive with the directories it was made of: every entry's bytes, mode and time, and whether
 * any is missing. Another reader than ours, and a walk of its own: they share no code with what they check.
 * Memory holds the names, and a chunk of one entry.
 *
 * @param excluded - Names at the top of a root that are not in the archive.
 * @throws {Error} at the first difference.
 */
export async function compareArchive(
	archive: string,
	roots: readonly SourceRoot[],
	excluded: readonly string[],
	signal: AbortSignal,
): Promise<{ entryCount: number; byteCount: number }> {
	const expected = new Set<string>();
	for (const { name, path } of roots) {
		expected.add(`${name}/`);
		for (const found of await readdir(path, { withFileTypes: true, recursive: true })) {
			const relative = join(found.parentPath, found.name).slice(path.length + 1);
			if (excluded.includes(relative.split("/")[0] ?? "")) continue;
			if (found.isFile() || found.isSymbolicLink()) expected.add(`${name}/${relative}`);
			if (found.isDirectory()) expected.add(`${name}/${relative}/`);
		}
	}
	const entryCount = expected.size;
	let byteCount = 0;
	const zip = await openPromise(archive, { autoClose: false });
	try {
		for await (const entry of zip.eachEntry()) {
			signal.throwIfAborted();
			if (!expected.delete(entry.fileName))
				throw new Error(`${entry.fileName} is twice in the archive, or unexpected`);
			await compareEntry(zip, entry, pathOf(entry.fileName, roots));
			byteCount += entry.uncompressedSize;
		}
	} finally {
		zip.close();
	}
	for (const name of expected) throw new Error(`${name} is missing in the archive, one of ${expected.size}`);
	return { entryCount, byteCount };
}

function pathOf(entryName: string, roots: readonly SourceRoot[]): string {
	const [top = "", ...rest] = entryName.split("/");
	const root = roots.find(({ name }) => name === top);
	return join(root?.path ?? "", ...rest);
}

async function compareEntry(zip: ZipFile, entry: Entry, path: string): Promise<void> {
	const stats = await lstat(path.replace(/\/$/, ""));
	const differs = (what: string) => new Error(`${entry.fileName} differs from its source in ${what}`);
	if (entry.externalFileAttributes >>> 16 !== stats.mode) throw differs("mode");
	if (entry.getLastModDate().getTime() !== wholeSeconds(stats)) throw differs("time");
	if (stats.isDirectory()) return;
	const data = await zip.openReadStreamPromise(entry);
	const same = stats.isSymbolicLink()
		? (await buffer(data)).equals(await readlink(path, { encoding: "buffer" }))
		: await sameBytes(data, path);
	if (!same) throw differs("its bytes");
}

/** Milliseconds; ZIP has a resolution of a second. */
function wholeSeconds({ mtimeMs }: Stats): number {
	return Math.floor(mtimeMs / 1000) * 1000;
}

async function sameBytes(data: Readable, path: string): Promise<boolean> {
	const file = await open(path);
	try {
		let own = Buffer.alloc(64 * 1024);
		for await (const chunk of data as AsyncIterable<Buffer>) {
			if (chunk.byteLength > own.byteLength) own = Buffer.alloc(chunk.byteLength);
			// A regular file gives all that is asked for, but at its end.
			const { bytesRead } = await file.read(own, 0, chunk.byteLength);
			if (!chunk.equals(own.subarray(0, bytesRead))) return false;
		}
		const { bytesRead } = await file.read(own, 0, 1);
		return bytesRead === 0;
	} finally {
		await file.close();
	}
}
