import { onAbort } from "./abort-listeners.ts";
import { requestController } from "./request-controller.ts";

/** A signal that follows others. */
export interface FollowingSignal {
	readonly signal: AbortSignal;
	/** Lets go of the others: it will not abort any more. */
	release(): void;
}

/**
 * A signal that aborts with the first of others, and then lets go of them. Whoever does not wait for that
 * has to release it: the others may be there for much longer.
 *
 * `AbortSignal.any` does the same, but holds on to its signals weakly: in Node 20 one that only a pending
 * wait listens to can be collected, and the wait never ends.
 */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): FollowingSignal {
	const controller = requestController();
	const releases: (() => void)[] = [];
	const release = () => {
		for (const letGo of releases.splice(0)) letGo();
	};
	const follow = (reason: unknown) => {
		controller.abort(reason);
		release();
	};
	for (const signal of signals) {
		if (controller.signal.aborted) break;
		releases.push(onAbort(signal, follow));
	}
	return { signal: controller.signal, release };
}

/** Runs `use` under a signal that aborts with the first of others, and lets go of them when it has settled. */
export async function underAnySignal<Result>(
	signals: readonly (AbortSignal | undefined)[],
	use: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
	const { signal, release } = anySignal(...signals);
	try {
		return await use(signal);
	} finally {
		release();
	}
}

/**
 * Runs `use` with options that have a signal of this call's own in the place of the caller's, which is let go
 * of when the call settles: the SDK puts a listener on it for each request, and other calls may have it too.
 */
export async function withOwnSignal<Options extends { readonly signal?: AbortSignal | undefined }, Result>(
	options: Options,
	use: (options: Options) => Promise<Result>,
): Promise<Result> {
	if (options.signal === undefined) return use(options);
	return underAnySignal([options.signal], (signal) => use({ ...options, signal }));
}
