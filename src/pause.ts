import { setTimeout as delay } from "node:timers/promises";

/**
 * Waits. When the signal aborts it rejects with the signal's reason, and the timer goes as well: one that
 * is left would keep the process from ending.
 */
export async function pause(milliseconds: number, signal?: AbortSignal | undefined): Promise<void> {
	try {
		await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
	} catch (error) {
		throw signal?.aborted ? signal.reason : error;
	}
}
