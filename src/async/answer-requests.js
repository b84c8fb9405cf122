// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.
import { parentPort } from "node:worker_threads";

/**
 * Answers what a `WorkerChannel` asks of this thread.
 *
 * @template Request, Answer
 * @param {(request: Request) => Answer} perform
 * @param {(answer: Answer) => readonly import("node:worker_threads").Transferable[]} [transferOf] Memory of an answer that is handed over
 * instead of being copied.
 */
export function answerRequests(perform, transferOf = () => []) {
	parentPort?.on("message", (/** @type {{ id: number, request: Request }} */ { id, request }) => {
		const answer = perform(request);
		parentPort?.postMessage({ id, answer }, transferOf(answer));
	});
}
