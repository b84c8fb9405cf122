import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { decompress } from "../../../reader/decompress.ts";
import type { FetchedEntry } from "../../../reader/runs.ts";
import { pathOf } from "../../../sources/files/byte-paths.ts";
import { writeAll } from "../../../sources/files/drafts/write-all.ts";
import { startOfPaths } from "../../../sources/files/place.ts";
import type { Arrivals, PlacedEntry } from "../../target.ts";
import { byteStringOf } from "../byte-string.ts";
import { targetError } from "../target-error.ts";
import type { TargetDirectory } from "../target-tree.ts";
import { type Publishing, publish } from "./publish.js";

const NEW_FILE = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);

/** A file whose data comes in while it is written. */
export interface LargeFile {
	readonly fetched: FetchedEntry<PlacedEntry>;
	readonly directory: TargetDirectory;
	readonly draft: string;
	readonly mode: number | undefined;
	readonly publishing: Publishing;
}

/**
 * Writes a file of any size while it is decompressed. It gets its name when it is complete; else nothing of it is left.
 *
 * @param location - Of the archive.
 */
export async function writeLarge(
	location: string,
	{ fetched, directory, draft, mode, publishing }: LargeFile,
	arrivals: Arrivals,
	signal: AbortSignal,
): Promise<void> {
	const { entry } = fetched;
	const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
	const path = directory.directory.place(name).path.toString();
	const data = "data" in fetched ? one(fetched.data) : fetched.stream(signal);
	const content = decompress(location, entry, data);
	try {
		// In the directory all the time: its own draft is moved and removed there, wherever that is by then.
		await directory.directory.place("").later(async (wayIn) => {
			const start = startOfPaths(byteStringOf(wayIn));
			const draftPath = pathOf(start + draft);
			const file = await open(draftPath, NEW_FILE, mode === undefined ? 0o666 : 0o600);
			try {
				await fill(file, content, entry, mode, arrivals, signal);
				publish(draftPath, pathOf(start + name), publishing);
			} catch (error) {
				await unlink(draftPath);
				throw targetError(path, error); // or it would be begun again where descriptors are scarce
			}
		});
	} catch (error) {
		throw targetError(path, error);
	} finally {
		await content.return(undefined);
	}
	arrivals.onDone(entry);
}

async function fill(
	file: FileHandle,
	content: AsyncIterable<Uint8Array>,
	{ mtime }: PlacedEntry,
	mode: number | undefined,
	arrivals: Arrivals,
	signal: AbortSignal,
): Promise<void> {
	try {
		for await (const chunk of content) {
			signal.throwIfAborted();
			await writeAll(file.fd, chunk);
			arrivals.onWritten(chunk.byteLength);
		}
		signal.throwIfAborted();
		if (mode !== undefined) await file.chmod(mode);
		await file.utimes(mtime, mtime);
	} finally {
		await file.close();
	}
}

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	yield chunk;
}
