import { type Transferable, Worker } from "node:worker_threads";

/** How a channel and its thread talk; the other end is `answer-requests.js`. */
interface Answered<Answer> {
	readonly id: number;
	readonly answer: Answer;
}

interface Waiting<Answer> {
	readonly resolve: (answer: Answer) => void;
	readonly reject: (error: unknown) => void;
}

/** Threads make few objects; without limits they would still set tens of megabytes aside. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

/**
 * A thread that answers requests, in their order. It keeps the process running only while an answer is awaited.
 * When the thread ends with an error, all that is and will be asked of it fails with that.
 */
export class WorkerChannel<Request, Answer> {
	readonly #worker: Worker;
	readonly #waiting = new Map<number, Waiting<Answer>>();
	#lastId = 0;
	/** It has ended, so that nothing would answer any more. */
	#failure: Error | undefined;

	/**
	 * @param script - Of the thread; plain JavaScript, as it is started from the sources as well as from the built
	 *   package.
	 */
	constructor(script: URL, workerData?: unknown) {
		this.#worker = new Worker(script, { workerData, resourceLimits: THREAD_LIMITS });
		this.#worker.unref();
		this.#worker.on("message", ({ id, answer }: Answered<Answer>) => {
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			if (this.#waiting.size === 0) this.#worker.unref();
			waiting?.resolve(answer);
		});
		this.#worker.on("error", (error: Error) => {
			this.#failure = error;
			for (const { reject } of this.#waiting.values()) reject(error);
			this.#waiting.clear();
		});
	}

	/** @param transfer - Memory that goes to the thread instead of being copied. */
	ask(request: Request, transfer: readonly Transferable[] = []): Promise<Answer> {
		if (this.#failure !== undefined) return Promise.reject(this.#failure);
		const id = ++this.#lastId;
		this.#worker.ref();
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.#worker.postMessage({ id, request }, transfer);
		});
	}

	/** Ends the thread; what it was asked is not answered any more. */
	async close(): Promise<void> {
		this.#worker.ref(); // or nothing may be left that waits for its end
		await this.#worker.terminate();
	}
}
