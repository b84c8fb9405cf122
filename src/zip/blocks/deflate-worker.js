// Runs in a thread of its own. Plain JavaScript, so that it can be started from the sources as well as
// from the built package.
import { workerData } from "node:worker_threads";
import { answerRequests } from "../../async/answer-requests.js";
import { deflateWhole } from "./deflate-whole.js";

/**
 * @typedef {object} DeflateBatch
 * @property {number} level
 * @property {Uint8Array<ArrayBuffer>} data The inputs, one after the other; goes back with the results.
 * @property {number[]} sizes Of the inputs, bytes.
 */

/** @param {DeflateBatch} batch */
function deflateBatch({ level, data, sizes }) {
	const results = [];
	let offset = 0;
	let total = 0;
	for (const size of sizes) {
		const result = deflateWhole(data.subarray(offset, offset + size), level);
		results.push(result);
		offset += size;
		total += result.byteLength;
	}
	const joined = new Uint8Array(total);
	offset = 0;
	for (const result of results) {
		joined.set(result, offset);
		offset += result.byteLength;
	}
	Atomics.add(/** @type {Int32Array} */ (workerData), 0, 1);
	return { data: joined, sizes: results.map(({ byteLength }) => byteLength), spare: data };
}

answerRequests(deflateBatch, ({ data, spare }) => [data.buffer, spare.buffer]);
