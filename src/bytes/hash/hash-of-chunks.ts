import type { Observer } from "../tap.ts";
import { MiB } from "../units.ts";
import { archiveHash, type HashAlgorithm } from "./archive-hash.ts";
import { HashThread } from "./hash-thread.ts";

/** Archives up to here are hashed by the time a thread has started. */
const WITHOUT_THREAD = 16 * MiB;

/** Chunks wait for the thread in two buffers of this size: one is hashed, one filled. */
const BUFFER_SIZE = MiB;

/** A hash over chunks, beside whatever else is done with them. The bytes of a chunk are not needed after its update. */
export interface HashOfChunks extends Observer {
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
	if (small || algorithm === "crc32") return { ...archiveHash(algorithm), close() {} };
	return new HashInThread(algorithm);
}

/** Memory for a chunk, and what it waits for. */
interface Slot {
	readonly buffer: Uint8Array;
	hashed: Promise<void>;
}

function newSlot(): Slot {
	return { buffer: Buffer.from(new SharedArrayBuffer(BUFFER_SIZE)), hashed: Promise.resolve() };
}

class HashInThread implements HashOfChunks {
	readonly #thread: HashThread;
	#slots: readonly [Slot, Slot] = [newSlot(), newSlot()];

	constructor(algorithm: HashAlgorithm) {
		this.#thread = new HashThread(algorithm);
	}

	async update(chunk: Uint8Array): Promise<void> {
		for (let start = 0; start < chunk.byteLength; start += BUFFER_SIZE) {
			const [slot, other] = this.#slots;
			this.#slots = [other, slot];
			await slot.hashed;
			const piece = chunk.subarray(start, start + BUFFER_SIZE);
			slot.buffer.set(piece);
			slot.hashed = this.#thread.update(slot.buffer.subarray(0, piece.byteLength));
			slot.hashed.catch(() => {}); // thrown to the caller that waits for it
		}
	}

	digest(): Promise<string> {
		return this.#thread.finish();
	}

	close(): Promise<void> {
		return this.#thread.close();
	}
}
