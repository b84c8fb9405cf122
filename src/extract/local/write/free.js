// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.
import { MessageChannel } from "node:worker_threads";

/** What is given to somebody who is gone is nobody's. */
const { port1: nowhere, port2: gone } = new MessageChannel();
gone.close();
nowhere.unref();

/** Smaller ones may share their memory with others. */
const LEAST = 64 * 1024;

/**
 * Frees memory that zlib has filled. It would be freed by V8 as well, but only when 32 MiB of such memory have come together in
 * a thread: it sees the few objects, and not what is behind them.
 *
 * @param {Uint8Array} bytes All of their memory; they are empty then.
 */
export function free(bytes) {
	if (bytes.byteLength < LEAST) return;
	nowhere.postMessage(undefined, [/** @type {ArrayBuffer} */ (bytes.buffer)]);
}
