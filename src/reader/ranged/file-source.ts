import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MiB } from "../../bytes/units.ts";
import { SourceError } from "../../errors.ts";
import { ArchiveError } from "../archive-error.ts";
import type { OpenedSource, RangedSource, SourceIdentity } from "./ranged-source.ts";
import { tailStart } from "./tail.ts";

/** Bytes per read: large enough that calls do not count, small enough for several at once. */
const CHUNK_SIZE = MiB;

/** A FIFO would wait for its writer. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Opens a local file.
 *
 * @throws {SourceError} `SOURCE_NOT_FOUND`, or `SOURCE_UNREADABLE` if it cannot be opened or is no regular file.
 */
export async function openFileSource(path: string, signal?: AbortSignal | undefined): Promise<OpenedSource> {
	signal?.throwIfAborted();
	const handle = await openHandle(path);
	try {
		const stats = await handle.stat();
		if (!stats.isFile())
			throw new SourceError("SOURCE_UNREADABLE", `${path} is ${kindOf(stats)}, and no archive`, {
				origin: path,
			});
		const source = new FileSource(path, handle, stats);
		const chunks: Uint8Array[] = [];
		for await (const chunk of source.read(tailStart(stats.size), stats.size, signal)) chunks.push(chunk);
		return { source, tail: Buffer.concat(chunks) };
	} catch (error) {
		await handle.close();
		throw error;
	}
}

async function openHandle(path: string): Promise<FileHandle> {
	try {
		return await open(path, FLAGS);
	} catch (cause) {
		const missing = ["ENOENT", "ENOTDIR"].includes(codeOf(cause));
		if (missing) throw new SourceError("SOURCE_NOT_FOUND", `${path} does not exist`, { origin: path, cause });
		throw unreadable(path, "opened", cause);
	}
}

class FileSource implements RangedSource {
	readonly location: string;
	readonly size: number;
	readonly identity: SourceIdentity;
	readonly #handle: FileHandle;
	readonly #before: Stats;

	constructor(path: string, handle: FileHandle, before: Stats) {
		this.location = path;
		this.#handle = handle;
		this.#before = before;
		this.size = before.size;
		this.identity = { type: "file", device: before.dev, inode: before.ino, mtimeMs: before.mtimeMs };
	}

	async *read(
		start: number,
		end: number,
		signal?: AbortSignal | undefined,
	): AsyncGenerator<Uint8Array, void, void> {
		for (let position = start; position < end; ) {
			signal?.throwIfAborted();
			const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_SIZE, end - position));
			await this.#fill(chunk, position);
			position += chunk.byteLength;
			yield chunk;
		}
	}

	async readInto(memory: Uint8Array, start: number, signal?: AbortSignal | undefined): Promise<void> {
		signal?.throwIfAborted();
		if (memory.byteLength > 0) await this.#fill(memory, start);
	}

	/** Looks at the file behind each chunk: what was written before that look shows in its time or size. */
	async #fill(chunk: Uint8Array, position: number): Promise<void> {
		const length = chunk.byteLength;
		let filled = 0;
		try {
			while (filled < length) {
				const { bytesRead } = await this.#handle.read(chunk, filled, length - filled, position + filled);
				if (bytesRead === 0) throw this.#changed();
				filled += bytesRead;
			}
			const now = await this.#handle.stat();
			if (now.size !== this.#before.size || now.mtimeMs !== this.#before.mtimeMs) throw this.#changed();
		} catch (error) {
			throw error instanceof ArchiveError ? error : unreadable(this.location, "read", error);
		}
	}

	#changed(): ArchiveError {
		return new ArchiveError("ARCHIVE_CHANGED", "the file was written to while it was read", {
			location: this.location,
		});
	}

	async storedHashes(): Promise<undefined> {}

	async close(): Promise<void> {
		await this.#handle.close();
	}
}

function unreadable(path: string, what: string, cause: unknown): SourceError {
	const message = `${path} cannot be ${what}: ${codeOf(cause)}`;
	return new SourceError("SOURCE_UNREADABLE", message, { origin: path, cause });
}

function codeOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException; // what the calls of Node reject with
	return code ?? message;
}

function kindOf(stats: Stats): string {
	return stats.isDirectory() ? "a directory" : "no regular file";
}
