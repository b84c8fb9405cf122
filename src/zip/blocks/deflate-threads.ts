import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { KiB } from "../../bytes/units.ts";
import type { Level } from "../entry.ts";
import { deflateWhole } from "./deflate-whole.js";

interface Waiting {
	readonly bytes: Uint8Array;
	readonly resolve: (deflated: Uint8Array) => void;
	readonly reject: (error: unknown) => void;
}

interface Answer {
	readonly id: number;
	readonly data: Uint8Array;
	readonly sizes: readonly number[];
	/** The memory that the inputs came in. */
	readonly spare: Uint8Array<ArrayBuffer>;
}

/** A thread and the batches it has been given. */
interface Thread {
	readonly worker: Worker;
	/** Those whose answer has not been read: the main thread may be too busy to do so for a while. */
	readonly batches: Map<number, readonly Waiting[]>;
	sentCount: number;
	/** One number, counted by the thread itself. */
	readonly doneCount: Int32Array<SharedArrayBuffer>;
}

/** Entries that the main thread deflates itself: starting threads would take longer. */
const WITHOUT_THREADS = 200;

/** Bytes of the largest input. */
export const MAX_INPUT: number = 32 * KiB;

/** A batch is full with so many bytes or inputs. */
const BATCH_SIZE = 128 * KiB;
const BATCH_COUNT = 64;

/** Batches that keep a thread busy while the main thread deflates one. */
const ENOUGH_BATCHES = 3;

/** The inputs and results of a batch are small; what a thread keeps besides is its own. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

/**
 * Deflates whole small entries in threads, many in one message: a message costs as much as deflating one of
 * them, and libuv's pool three times as much. Entries that are asked for in the same turn of the event loop
 * travel together.
 *
 * Where all threads have enough to do the main thread deflates as well: it would only wait for them.
 */
export class DeflateThreads {
	readonly #level: Level;
	readonly #threads: Thread[] = [];
	#seen = 0;
	#lastId = 0;
	#batch: Waiting[] = [];
	#batchSize = 0;
	/** Memory for batches, used again and again: new memory costs more than filling it. */
	readonly #spare: Uint8Array<ArrayBuffer>[] = [];
	/** Of a thread, which has ended: nothing would answer any more. */
	#failure: Error | undefined;

	constructor(level: Level) {
		this.#level = level;
	}

	/** The DEFLATE data of up to {@link MAX_INPUT} bytes, complete in itself. */
	deflate(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
		this.#seen += 1;
		if (this.#seen <= WITHOUT_THREADS) return deflateWhole(bytes, this.#level);
		if (this.#failure !== undefined) return Promise.reject(this.#failure);
		return new Promise((resolve, reject) => {
			if (this.#batch.length === 0) setImmediate(() => this.#flush());
			this.#batch.push({ bytes, resolve, reject });
			this.#batchSize += bytes.byteLength;
			if (this.#batchSize >= BATCH_SIZE || this.#batch.length >= BATCH_COUNT) this.#flush();
		});
	}

	/** Ends the threads; what they were working on is not answered. */
	async close(): Promise<void> {
		for (const { worker } of this.#threads) worker.ref(); // or nothing may be left that waits for their end
		await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
	}

	#flush(): void {
		if (this.#batch.length === 0) return;
		const batch = this.#batch;
		this.#batch = [];
		this.#batchSize = 0;
		if (this.#failure !== undefined) {
			for (const { reject } of batch) reject(this.#failure); // it has failed while they were gathered
			return;
		}
		const thread = this.#idlest();
		if (leftOf(thread) < ENOUGH_BATCHES) this.#send(batch, thread);
		else this.#deflateHere(batch);
	}

	#deflateHere(batch: readonly Waiting[]): void {
		for (const { bytes, resolve, reject } of batch) {
			try {
				resolve(deflateWhole(bytes, this.#level));
			} catch (error) {
				reject(error);
			}
		}
	}

	#send(batch: readonly Waiting[], thread: Thread): void {
		const data = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BATCH_SIZE + MAX_INPUT);
		let offset = 0;
		for (const { bytes } of batch) {
			data.set(bytes, offset);
			offset += bytes.byteLength;
		}
		const id = ++this.#lastId;
		thread.batches.set(id, batch);
		thread.sentCount += 1;
		thread.worker.ref();
		const sizes = batch.map(({ bytes }) => bytes.byteLength);
		thread.worker.postMessage({ id, level: this.#level, data, sizes }, [data.buffer]);
	}

	/** A thread with nothing to do, a new one while there are processors beside the main thread's, or the least busy. */
	#idlest(): Thread {
		const [least] = [...this.#threads].sort((a, b) => leftOf(a) - leftOf(b));
		const mayGrow = this.#threads.length < Math.max(1, availableParallelism() - 1);
		return least !== undefined && (leftOf(least) === 0 || !mayGrow) ? least : this.#start();
	}

	#start(): Thread {
		const doneCount = new Int32Array(new SharedArrayBuffer(4));
		const worker = new Worker(new URL("./deflate-worker.js", import.meta.url), {
			workerData: doneCount,
			resourceLimits: THREAD_LIMITS,
		});
		const thread: Thread = { worker, batches: new Map(), sentCount: 0, doneCount };
		worker.unref();
		worker.on("message", (answer: Answer) => {
			const batch = thread.batches.get(answer.id) ?? [];
			thread.batches.delete(answer.id);
			this.#spare.push(answer.spare);
			if (thread.batches.size === 0) worker.unref();
			let offset = 0;
			for (const [index, { resolve }] of batch.entries()) {
				const end = offset + (answer.sizes[index] ?? 0);
				resolve(answer.data.subarray(offset, end));
				offset = end;
			}
		});
		worker.on("error", (error: Error) => {
			this.#failure = error;
			for (const batch of thread.batches.values()) for (const { reject } of batch) reject(error);
			thread.batches.clear();
		});
		this.#threads.push(thread);
		return thread;
	}
}

/** Batches that a thread still has to deflate. */
function leftOf({ sentCount, doneCount }: Thread): number {
	return sentCount - Atomics.load(doneCount, 0);
}
