// Runs in a thread of its own. Plain JavaScript, so that it can be started from the sources as well as
// from the built package.
import { createHash } from "node:crypto";
import { answerRequests } from "../../async/answer-requests.js";
import { md5Pair } from "./md5-pair.js";

/**
 * @typedef {object} HashTask
 * @property {"digest" | "update" | "both" | "finish"} kind Hash of these bytes alone; bytes of the running
 * hash; both (MD5 only, and then nothing else but its end); end of the running hash.
 * @property {string} algorithm
 * @property {SharedArrayBuffer} memory
 * @property {number} length Bytes from the start of the memory.
 */

/** @type {import("node:crypto").Hash | undefined} */
let running;
/** @type {ReturnType<typeof md5Pair> | undefined} */
let pair;

/**
 * @param {HashTask} task
 * @returns {string} lower-case hex; empty for an update
 */
function perform({ kind, algorithm, memory, length }) {
	const bytes = new Uint8Array(memory, 0, length);
	if (kind === "digest") return createHash(algorithm).update(bytes).digest("hex");
	if (kind === "both") {
		pair ??= md5Pair();
		return pair.part(bytes);
	}
	if (kind === "finish" && pair !== undefined) return pair.whole();
	running ??= createHash(algorithm);
	if (kind === "finish") return running.digest("hex");
	running.update(bytes);
	return "";
}

answerRequests(perform);
