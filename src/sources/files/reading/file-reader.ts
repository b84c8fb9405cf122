import { constants, type Stats } from "node:fs";
import { SourceError } from "../../../errors.ts";
import type { EntryReader } from "../../../zip/entry.ts";
import { describeFileError } from "../describe-file.ts";
import { close, errorCode, fstat, open, read, readNow } from "../file-system.ts";
import type { Place } from "../place.ts";
import { hasNewContents } from "./has-new-contents.ts";
import { ReadPace } from "./read-pace.ts";

/** Never waits for the other end of a FIFO that has taken the file's place. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

export interface FileReaderOptions {
	/** For messages. */
	readonly origin: string;
	readonly followSymlinks: boolean;
	/** Blocking calls are in order, while they are quick. */
	readonly blocking: boolean;
	/** Ends the wait for a descriptor. */
	readonly signal: AbortSignal;
	readonly onChanged: (origin: string) => void;
}

/**
 * Opens a regular file for reading.
 *
 * The size counts as of opening: what is appended later is left out, and a file that was changed while
 * it was read is reported when it is closed. Files that claim to be empty are read to their end, since
 * those of `/proc` and `/sys` only say so, and what claims too much is as long as it is.
 *
 * @throws {SourceError} `SOURCE_CHANGED` if something else than a regular file has taken its place.
 */
export async function openFile(place: Place, options: FileReaderOptions): Promise<EntryReader> {
	const { origin, followSymlinks } = options;
	const flags = followSymlinks ? FLAGS : FLAGS | constants.O_NOFOLLOW;
	let fd: number;
	try {
		fd = await place.later((path) => open(path, flags), { giveBack: close, signal: options.signal });
	} catch (error) {
		if (errorCode(error) === "ELOOP" && !followSymlinks) throw replaced(origin);
		throw error;
	}
	try {
		const before = await fstat(fd);
		if (!before.isFile()) throw replaced(origin);
		return new FileReader(fd, before, options);
	} catch (error) {
		await close(fd);
		throw error;
	}
}

/** Something else than a regular file is in its place. */
export function replaced(origin: string): SourceError {
	return new SourceError("SOURCE_CHANGED", `${origin} is no longer a regular file: it was replaced`, {
		origin,
	});
}

/** The pace of disks that are read with blocking calls. One file predicts the next. */
const pace = new ReadPace();

class FileReader implements EntryReader {
	readonly #fd: number;
	readonly #before: Stats;
	readonly #options: FileReaderOptions;
	#position = 0;
	readonly size: number | undefined;
	readonly mtimeMs: number;
	readonly mode: number;

	constructor(fd: number, before: Stats, options: FileReaderOptions) {
		this.#fd = fd;
		this.#before = before;
		this.#options = options;
		this.size = before.size === 0 ? undefined : before.size;
		this.mtimeMs = before.mtimeMs;
		this.mode = before.mode & 0o7777;
	}

	read(into: Uint8Array, busy: boolean = false): number | Promise<number> {
		return this.#options.blocking && pace.quick && !busy ? this.#readAtOnce(into) : this.#readLater(into);
	}

	#readAtOnce(into: Uint8Array): number {
		const started = performance.now();
		try {
			return this.#took(readNow(this.#fd, into, this.#position), started);
		} catch (cause) {
			throw this.#unreadable(cause);
		}
	}

	async #readLater(into: Uint8Array): Promise<number> {
		const started = performance.now();
		try {
			return this.#took(await read(this.#fd, into, this.#position), started);
		} catch (cause) {
			throw this.#unreadable(cause);
		}
	}

	#took(count: number, started: number): number {
		this.#position += count;
		if (this.#options.blocking) pace.note(count, started);
		return count;
	}

	#unreadable(cause: unknown): SourceError {
		const { origin } = this.#options;
		const message = `cannot read ${origin} at byte ${this.#position}: ${describeFileError(cause)}`;
		return new SourceError("SOURCE_UNREADABLE", message, { origin, cause });
	}

	/**
	 * Files of `/sys` claim 4096 bytes, whatever they give. They take no space on any disk, and their end comes too
	 * early without a change; the end of a file that got shorter is one.
	 */
	async isComplete(): Promise<boolean> {
		const now = await fstat(this.#fd);
		return now.blocks === 0 && !hasNewContents(this.#before, now);
	}

	async close(): Promise<void> {
		try {
			const changed = hasNewContents(this.#before, await fstat(this.#fd));
			if (changed) this.#options.onChanged(this.#options.origin);
		} finally {
			await close(this.#fd);
		}
	}
}
