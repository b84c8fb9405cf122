import { onAbort } from "./abort-listeners.ts";
import { requestController } from "./request-controller.ts";

/**
 * A signal that aborts some time after `signal` does, for the same reason: grace for what is nearly done.
 *
 * @param signal - Of one call: it is followed for as long as it is there.
 */
export function abortLater(signal: AbortSignal | undefined, graceMs: number): AbortSignal {
	const later = requestController();
	onAbort(signal, (reason) => {
		setTimeout(() => later.abort(reason), graceMs).unref();
	});
	return later.signal;
}
