import { availableParallelism } from "node:os";
import { threadScript, WorkerChannel } from "../../async/worker-channel.ts";
import { KiB } from "../../bytes/units.ts";
import type { Level } from "../entry.ts";
import { MAX_SIZED_INPUT } from "./compress-whole.ts";
import { deflateWhole } from "./deflate-whole.js";

interface Waiting {
	readonly bytes: Uint8Array;
	readonly resolve: (deflated: Uint8Array) => void;
	readonly reject: (error: unknown) => void;
}

/** See `deflate-worker.js`. */
interface DeflateBatch {
	readonly level: Level;
	readonly data: Uint8Array<ArrayBuffer>;
	readonly sizes: readonly number[];
}

interface DeflatedBatch {
	readonly data: Uint8Array;
	readonly sizes: readonly number[];
	/** The memory that the inputs came in. */
	readonly spare: Uint8Array<ArrayBuffer>;
}

/** A thread and how many batches it was given and has done. */
interface Thread {
	readonly channel: WorkerChannel<DeflateBatch, DeflatedBatch>;
	sentCount: number;
	/** One number, counted by the thread itself: the main thread may be too busy to read its answers for a while. */
	readonly doneCount: Int32Array<SharedArrayBuffer>;
}

const SCRIPT = threadScript("./deflate-worker.js", import.meta.url);

/** Entries that the main thread deflates itself: starting threads would take longer. */
const WITHOUT_THREADS = 200;

/** A batch is full with so many bytes or inputs. */
const BATCH_SIZE = 128 * KiB;
const BATCH_COUNT = 64;

/** Batches that keep a thread busy while the main thread deflates one. */
const ENOUGH_BATCHES = 3;

/**
 * Deflates whole small entries in threads, many in one message: a message costs as much as deflating one of
 * them, and libuv's pool three times as much. Entries that are asked for in the same turn of the event loop
 * travel together.
 *
 * If all threads have enough to do, the main thread deflates as well: it would only wait for them.
 */
export class DeflateThreads {
	readonly #level: Level;
	readonly #script: URL;
	readonly #threads: Thread[] = [];
	#seen = 0;
	#batch: Waiting[] = [];
	#batchSize = 0;
	/** Memory for batches, used again and again: new memory costs more than filling it. */
	readonly #spare: Uint8Array<ArrayBuffer>[] = [];
	/** A thread could not be started, or has died: from then on the main thread deflates alone. */
	#alone = false;

	/** @param script - Of the threads. */
	constructor(level: Level, script: URL = SCRIPT) {
		this.#level = level;
		this.#script = script;
	}

	/** The DEFLATE data of up to {@link MAX_SIZED_INPUT} bytes, complete in itself. */
	deflate(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
		this.#seen += 1;
		if (this.#seen <= WITHOUT_THREADS || this.#alone) return deflateWhole(bytes, this.#level);
		return new Promise((resolve, reject) => {
			if (this.#batch.length === 0) setImmediate(() => this.#flush());
			this.#batch.push({ bytes, resolve, reject });
			this.#batchSize += bytes.byteLength;
			if (this.#batchSize >= BATCH_SIZE || this.#batch.length >= BATCH_COUNT) this.#flush();
		});
	}

	/** Ends the threads; what they were working on is not answered. */
	async close(): Promise<void> {
		await Promise.all(this.#threads.map(({ channel }) => channel.close()));
	}

	#flush(): void {
		if (this.#batch.length === 0) return;
		const batch = this.#batch;
		this.#batch = [];
		this.#batchSize = 0;
		const thread = this.#alone ? undefined : this.#idlest();
		if (thread !== undefined && leftOf(thread) < ENOUGH_BATCHES) this.#send(batch, thread);
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
		const data = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BATCH_SIZE + MAX_SIZED_INPUT);
		let offset = 0;
		for (const { bytes } of batch) {
			data.set(bytes, offset);
			offset += bytes.byteLength;
		}
		const sizes = batch.map(({ bytes }) => bytes.byteLength);
		thread.sentCount += 1;
		thread.channel.ask({ level: this.#level, data, sizes }, [data.buffer]).then(
			(answer) => this.#take(answer, batch),
			() => {
				this.#alone = true;
				this.#deflateHere(batch);
			},
		);
	}

	#take({ data, sizes, spare }: DeflatedBatch, batch: readonly Waiting[]): void {
		this.#spare.push(spare);
		let offset = 0;
		for (const [index, { resolve }] of batch.entries()) {
			const end = offset + (sizes[index] ?? 0);
			resolve(data.subarray(offset, end));
			offset = end;
		}
	}

	/** A thread with nothing to do, a new one while there are processors beside the main thread's, or the least busy. */
	#idlest(): Thread {
		const [least] = [...this.#threads].sort((a, b) => leftOf(a) - leftOf(b));
		const mayGrow = this.#threads.length < Math.max(1, availableParallelism() - 1);
		return least !== undefined && (leftOf(least) === 0 || !mayGrow) ? least : this.#start();
	}

	#start(): Thread {
		const doneCount = new Int32Array(new SharedArrayBuffer(4));
		const channel = new WorkerChannel<DeflateBatch, DeflatedBatch>(this.#script, doneCount);
		const thread: Thread = { channel, sentCount: 0, doneCount };
		this.#threads.push(thread);
		return thread;
	}
}

/** Batches that a thread still has to deflate. */
function leftOf({ sentCount, doneCount }: Thread): number {
	return sentCount - Atomics.load(doneCount, 0);
}
