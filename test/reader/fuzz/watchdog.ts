import { Worker } from "node:worker_threads";

const LIMIT_MS = 120_000;

/** Runs in a thread: nothing in this one could tell that it is in an endless loop. */
const CODE = `
const { workerData: { beats, limitMs } } = require("node:worker_threads");
let before = -1;
setInterval(() => {
	const now = Atomics.load(beats, 0);
	if (now === before) {
		require("node:fs").writeSync(2, "archive " + now + " has taken more than " + limitMs + " ms\\n");
		process.kill(process.pid, "SIGKILL");
	}
	before = now;
}, limitMs);
`;

/** Ends the process, and says by which archive it was, if there is no beat for long. */
export class Watchdog {
	readonly #beats = new Int32Array(new SharedArrayBuffer(4));
	readonly #worker: Worker;

	constructor(limitMs: number = LIMIT_MS) {
		this.#worker = new Worker(CODE, { eval: true, workerData: { beats: this.#beats, limitMs } });
		this.#worker.unref();
	}

	beat(archive: number): void {
		Atomics.store(this.#beats, 0, archive);
	}

	async end(): Promise<void> {
		await this.#worker.terminate();
	}
}
