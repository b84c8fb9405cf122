import { onAbort } from "./abort-listeners.ts";

/**
 * Settles like `promise`, or rejects with the signal's reason as soon as that aborts. What the promise
 * does afterwards is ignored: it is how a wait on something that may never answer is given up.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return promise;
	return new Promise<T>((resolve, reject) => {
		const release = onAbort(signal, reject);
		promise.then(
			(value) => {
				release();
				resolve(value);
			},
			(error: unknown) => {
				release();
				reject(error);
			},
		);
	});
}
