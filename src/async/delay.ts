import { onAbort } from "./abort-listeners.ts";

/**
 * Waits. When the signal aborts it rejects with the signal's reason, and the timer goes as well: one that
 * is left would keep the process from ending.
 */
export function delay(milliseconds: number, signal?: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted) return reject(signal.reason);
		const timer = setTimeout(() => {
			release();
			resolve();
		}, milliseconds);
		const release = onAbort(signal, (reason) => {
			clearTimeout(timer);
			reject(reason);
		});
	});
}
