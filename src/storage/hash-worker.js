// Runs in a thread of its own. Plain JavaScript, so that it can be started from the sources as well as
// from the built package.
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";

/**
 * @typedef {object} HashTask
 * @property {number} id
 * @property {"digest" | "update" | "finish"} kind Hash of these bytes alone; bytes of the running hash; its end.
 * @property {string} algorithm
 * @property {SharedArrayBuffer} memory
 * @property {number} length Bytes from the start of the memory.
 */

/** @type {import("node:crypto").Hash | undefined} */
let running;

/**
 * @param {HashTask} task
 * @returns {string} lower-case hex; empty for an update
 */
function perform({ kind, algorithm, memory, length }) {
	if (kind === "digest")
		return createHash(algorithm)
			.update(new Uint8Array(memory, 0, length))
			.digest("hex");
	running ??= createHash(algorithm);
	if (kind === "finish") return running.digest("hex");
	running.update(new Uint8Array(memory, 0, length));
	return "";
}

parentPort?.on("message", (/** @type {HashTask} */ task) => {
	parentPort?.postMessage({ id: task.id, hash: perform(task) });
});
