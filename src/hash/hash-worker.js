// Runs in a thread of its own. Plain JavaScript, so that it can be started from the sources as well as
// from the built package.
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { Md5Pair } from "./md5-pair.js";

/**
 * @typedef {object} HashTask
 * @property {number} id
 * @property {"digest" | "update" | "both" | "finish"} kind Hash of these bytes alone; bytes of the running
 * hash; both (MD5 only, and then nothing else but its end); end of the running hash.
 * @property {string} algorithm
 * @property {SharedArrayBuffer | WebAssembly.Memory} memory
 * @property {number} offset Of the bytes in the memory.
 * @property {number} length
 */

/** @type {import("node:crypto").Hash | undefined} */
let running;
/** @type {Md5Pair | undefined} */
let pair;

/**
 * @param {HashTask} task
 * @returns {string} lower-case hex; empty for an update
 */
function perform({ kind, algorithm, memory, offset, length }) {
	const own = memory instanceof WebAssembly.Memory ? memory : undefined;
	const bytes = new Uint8Array(memory instanceof WebAssembly.Memory ? memory.buffer : memory, offset, length);
	if (kind === "digest") return createHash(algorithm).update(bytes).digest("hex");
	if (kind === "both") {
		pair ??= new Md5Pair();
		return pair.part(bytes, own);
	}
	if (kind === "finish" && pair !== undefined) return pair.whole();
	running ??= createHash(algorithm);
	if (kind === "finish") return running.digest("hex");
	running.update(bytes);
	return "";
}

parentPort?.on("message", (/** @type {HashTask} */ task) => {
	parentPort?.postMessage({ id: task.id, hash: perform(task) });
});
