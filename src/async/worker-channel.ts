import { existsSync } from "node:fs";
import { basename } from "node:path";
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

/** Node 20 knows no TypeScript in threads: from the sources, one is started by this. */
const STARTS_SOURCES = "../../scripts/source-thread.mjs";

/** Where modules are that do not know where they are; nothing else is. */
const NOWHERE = "file:///zipferry-in-a-bundle/";

/** Threads make few objects; without limits they would still set tens of megabytes aside. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

/**
 * The script of a thread, a file beside the module that starts it.
 *
 * @param moduleUrl - `import.meta.url` of that module; in a bundle of CommonJS it has no value.
 */
export function threadScript(file: string, moduleUrl: string | undefined): URL {
	return new URL(file, moduleUrl ?? NOWHERE);
}

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
	#closed = false;

	/**
	 * @param script - Of the thread. It is TypeScript only where all is run from the sources.
	 */
	constructor(script: URL, workerData?: unknown) {
		const isSource = script.pathname.endsWith(".ts");
		const file = isSource ? new URL(STARTS_SOURCES, import.meta.url) : script;
		const argv = isSource ? [script.href] : [];
		this.#worker = new Worker(file, { workerData, argv, resourceLimits: THREAD_LIMITS });
		this.#worker.unref();
		this.#worker.on("message", ({ id, answer }: Answered<Answer>) => {
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			if (this.#waiting.size === 0) this.#worker.unref();
			waiting?.resolve(answer);
		});
		this.#worker.on("error", (error: Error) => this.#fail(isMissing(file) ? leftOut(file, error) : error));
		this.#worker.on("exit", (code) => {
			if (!this.#closed) this.#fail(new Error(`a thread ended before it was done, with exit code ${code}`));
		});
	}

	#fail(error: Error): void {
		this.#failure ??= error;
		for (const { reject } of this.#waiting.values()) reject(error);
		this.#waiting.clear();
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
		this.#closed = true;
		this.#worker.ref(); // or nothing may be left that waits for its end
		await this.#worker.terminate();
	}
}

function isMissing(file: URL): boolean {
	return file.protocol === "file:" && !existsSync(file);
}

/** What a program is told that was put into a file of its own together with this module, and without the script. */
function leftOut(file: URL, cause: Error): Error {
	return new Error(
		`${basename(file.pathname)} is missing, which zipferry runs in threads; leave zipferry out of bundles, as an external package`,
		{ cause },
	);
}
