/**
 * A signal that aborts with the first of others, and then lets go of them.
 *
 * `AbortSignal.any` does the same, but holds on to its signals weakly: in Node 20 one that only a pending
 * wait listens to can be collected, and the wait never ends.
 */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
	const controller = new AbortController();
	for (const signal of signals) {
		if (signal?.aborted) controller.abort(signal.reason);
		signal?.addEventListener("abort", () => controller.abort(signal.reason), { signal: controller.signal });
	}
	return controller.signal;
}
