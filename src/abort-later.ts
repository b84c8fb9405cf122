/** A signal that aborts some time after `signal` does, for the same reason: grace for what is nearly done. */
export function abortLater(signal: AbortSignal | undefined, graceMs: number): AbortSignal {
	const later = new AbortController();
	const onAbort = () => setTimeout(() => later.abort(signal?.reason), graceMs).unref();
	if (signal?.aborted) onAbort();
	else signal?.addEventListener("abort", onAbort, { once: true });
	return later.signal;
}
