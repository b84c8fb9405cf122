import type { SendOptions } from "../send.ts";

/** Options that the requests about objects share. */
export interface RequestOptions extends Pick<SendOptions<unknown>, "signal" | "onRetry" | "nameRepetitions"> {
	/**
	 * Milliseconds for which a failing request is repeated.
	 *
	 * @defaultValue one minute
	 */
	readonly retryTimeMs?: number | undefined;
}

export const READ_TIME_MS = 60_000;
