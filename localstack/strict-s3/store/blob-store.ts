import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { MiB } from "../units.ts";

/** Takes a chunk; a promise means "not so fast". */
export type Sink = (chunk: Uint8Array) => Promise<void> | undefined;

/** A run of bytes on disk that never changes. */
export interface Blob {
	readonly id: string;
	/** Bytes. */
	readonly size: number;
}

const WRITE_BUFFER_SIZE = 4 * MiB;
const READ_BUFFER_SIZE = MiB;

/**
 * The data of all objects and parts, one file for each body that was received.
 *
 * A blob is visible only through the object or part that names it, so a body that failed half-way needs no
 * cleaning up to be invisible. A blob that is removed while somebody reads it goes when the reader is done.
 */
export class BlobStore {
	readonly #directory: string;
	readonly #readers = new Map<string, number>();
	readonly #doomed = new Set<string>();

	constructor(directory: string) {
		this.#directory = directory;
		mkdirSync(directory, { recursive: true });
	}

	/** Deletes what is there and not in `known`: bodies of a run that was killed. One synchronous step. */
	removeUnknown(known: ReadonlySet<string>): void {
		for (const id of readdirSync(this.#directory)) {
			if (!known.has(id)) rmSync(this.#path(id));
		}
	}

	/** Writes a blob out of what `fill` gives to the sink; if it fails, nothing stays. */
	async store<T>(fill: (sink: Sink) => Promise<T>): Promise<{ blob: Blob; result: T }> {
		const id = randomUUID();
		const file = createWriteStream(this.#path(id), { flags: "wx", highWaterMark: WRITE_BUFFER_SIZE });
		let failure: unknown;
		file.on("error", (error) => {
			failure = error;
		});
		let size = 0;
		try {
			const result = await fill((chunk) => {
				if (failure !== undefined) throw failure;
				size += chunk.byteLength;
				return file.write(chunk) ? undefined : drained(file);
			});
			file.end();
			await finished(file);
			return { blob: { id, size }, result };
		} catch (error) {
			file.destroy();
			// Not once(): a write that is broken off is an error too, and would hide the one that counts.
			if (!file.closed) await new Promise<void>((resolve) => file.once("close", resolve));
			await rm(this.#path(id), { force: true });
			throw error;
		}
	}

	/** The bytes from `start` up to and without `end` of the blobs laid end to end. */
	async *read(blobs: readonly Blob[], start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
		for (const { id } of blobs) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
		try {
			let offset = 0;
			for (const { id, size } of blobs) {
				const from = Math.max(start - offset, 0);
				const to = Math.min(end - offset, size);
				offset += size;
				if (from >= to) continue;
				const options = { start: from, end: to - 1, highWaterMark: READ_BUFFER_SIZE };
				for await (const chunk of createReadStream(this.#path(id), options)) yield chunk;
			}
		} finally {
			for (const { id } of blobs) await this.#release(id);
		}
	}

	async remove(blobs: readonly Blob[]): Promise<void> {
		for (const { id } of blobs) {
			if (this.#readers.has(id)) this.#doomed.add(id);
			else await rm(this.#path(id), { force: true });
		}
	}

	async #release(id: string): Promise<void> {
		const readers = (this.#readers.get(id) ?? 1) - 1;
		if (readers > 0) {
			this.#readers.set(id, readers);
			return;
		}
		this.#readers.delete(id);
		if (this.#doomed.delete(id)) await rm(this.#path(id), { force: true });
	}

	#path(id: string): string {
		return join(this.#directory, id);
	}
}

async function drained(file: NodeJS.EventEmitter): Promise<void> {
	await once(file, "drain");
}
