import { type ArchiveHash, archiveHash, type HashAlgorithm } from "./archive-hash.ts";
import { HashThread } from "./hash-thread.ts";

/** Archives up to here are hashed by the time a thread has started. */
const WITHOUT_THREAD = 16 * 1024 * 1024;

/** Chunks wait for the thread in memory of this size: one is hashed, one filled. */
const BUFFER_SIZE = 1024 * 1024;
const BUFFER_COUNT = 2;

/** A hash over chunks, beside whatever else is done with them. */
export interface HashOfChunks {
	/** @returns a promise if the next chunk has to wait; the bytes themselves are not needed any more then */
	update(chunk: Uint8Array): Promise<void> | void;
	/** Lower-case hex. Call it once, at the end. */
	digest(): Promise<string> | string;
	/** Ends the thread, if there is one. */
	close(): Promise<void> | void;
}

/** @param sizeBound - Bytes that the chunks cannot exceed; `undefined` if unknown. */
export function hashOfChunks(
	algorithm: HashAlgorithm | "none",
	sizeBound: number | undefined,
): HashOfChunks | undefined {
	if (algorithm === "none") return undefined;
	const small = sizeBound !== undefined && sizeBound <= WITHOUT_THREAD;
	// CRC-32 is as fast as handing the bytes over.
	return small || algorithm === "crc32" ? new HashHere(algorithm) : new HashInThread(algorithm);
}

class HashHere implements HashOfChunks {
	readonly #hash: ArchiveHash;

	constructor(algorithm: HashAlgorithm) {
		this.#hash = archiveHash(algorithm);
	}

	update(chunk: Uint8Array): void {
		this.#hash.update(chunk);
	}

	digest(): string {
		return this.#hash.digest();
	}

	close(): void {}
}

class HashInThread implements HashOfChunks {
	readonly #thread: HashThread;
	readonly #buffers = Array.from({ length: BUFFER_COUNT }, () =>
		Buffer.from(new SharedArrayBuffer(BUFFER_SIZE)),
	);
	/** What each buffer waits for. */
	readonly #hashed: Promise<void>[] = this.#buffers.map(() => Promise.resolve());
	#turn = 0;

	constructor(algorithm: HashAlgorithm) {
		this.#thread = new HashThread(algorithm);
	}

	async update(chunk: Uint8Array): Promise<void> {
		for (let start = 0; start < chunk.byteLength; start += BUFFER_SIZE) {
			const turn = this.#turn++ % BUFFER_COUNT;
			await this.#hashed[turn];
			const piece = chunk.subarray(start, start + BUFFER_SIZE);
			const buffer = this.#buffers[turn]?.subarray(0, piece.byteLength) ?? new Uint8Array(0);
			buffer.set(piece);
			const hashed = this.#thread.update(buffer);
			hashed.catch(() => {}); // thrown by whoever waits for it
			this.#hashed[turn] = hashed;
		}
	}

	digest(): Promise<string> {
		return this.#thread.finish();
	}

	close(): Promise<void> {
		return this.#thread.close();
	}
}
