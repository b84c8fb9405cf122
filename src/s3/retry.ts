import { abortable } from "../async/abortable.ts";
import { delay } from "../async/delay.ts";
import { readSdkError, type SdkError } from "./errors/sdk-error.ts";

/** How long to go on asking. */
export interface RetryPolicy {
	/** Milliseconds from the first failure of a request until it is given up. */
	readonly budgetMs: number;
	/**
	 * How often a host name that does not exist is looked up again, where it may be mistyped.
	 *
	 * @defaultValue as often as the time allows: it did exist when the run began
	 */
	readonly nameRepetitions?: number | undefined;
	/** Ends waiting and asking at once. */
	readonly stop?: AbortSignal | undefined;
	/** Whether a temporary failure is not retried. */
	readonly isFinal?: ((failure: SdkError) => boolean) | undefined;
	/** Told before each wait. */
	readonly onRetry?: (failure: SdkError, waitMs: number) => void;
	/** Gets new credentials; called before the one repetition that expired ones are worth. */
	readonly refreshCredentials?: () => Promise<unknown>;
}

/** For names that may be mistyped; takes about ten seconds, by which a name server that starts late is there. */
export const NAME_REPETITIONS = 6;

/** Shorter than for a run that has started: the endpoint may be mistyped, and yet a storage may start late. */
const FIRST_CONTACT_MS = 30_000;

/**
 * How long the first request of a run is repeated.
 *
 * @param wantedMs - Milliseconds for which it is tried whatever the reason, if the caller has said so.
 */
export function firstContact(wantedMs: number | undefined): {
	readonly retryTimeMs: number;
	readonly nameRepetitions: number | undefined;
} {
	return wantedMs === undefined
		? { retryTimeMs: FIRST_CONTACT_MS, nameRepetitions: NAME_REPETITIONS }
		: { retryTimeMs: wantedMs, nameRepetitions: undefined };
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 20_000;
/** The share of the time that one delay may take: a recovery shortly before the end is noticed. */
const LONGEST_WAIT_SHARE = 1 / 6;

/**
 * Asks until there is an answer: errors that may pass are repeated with jittered exponential waits, or
 * after the time the server asks for, within the budget.
 *
 * Repetition is here and not in the SDK, whose attempts are counted instead of timed (ten of them are over
 * in seconds), cannot be stopped while they wait, and do not repeat a part that was damaged on its way.
 *
 * @throws the last failure, as it came; the reason of `stop` when that aborts.
 */
export async function withRetries<Answer>(ask: () => Promise<Answer>, policy: RetryPolicy): Promise<Answer> {
	const { budgetMs, nameRepetitions = Number.POSITIVE_INFINITY, stop, onRetry, refreshCredentials } = policy;
	const longestWaitMs = Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, budgetMs * LONGEST_WAIT_SHARE));
	const seen = new Map<string, number>();
	let deadline = Number.POSITIVE_INFINITY;
	for (let attempt = 0; ; attempt++) {
		stop?.throwIfAborted();
		try {
			return await ask();
		} catch (error) {
			stop?.throwIfAborted();
			const failure = readSdkError(error);
			const count = (seen.get(failure.code) ?? 0) + 1;
			seen.set(failure.code, count);
			const repetitions = failure.code === "ENOTFOUND" ? nameRepetitions : failure.repetitions;
			if (!failure.mayPass || count > repetitions || policy.isFinal?.(failure) === true) throw error;
			const now = performance.now();
			if (attempt === 0) deadline = now + budgetMs;
			const waitMs = Math.max(failure.retryAfterMs ?? 0, backoff(attempt, longestWaitMs));
			if (now + waitMs > deadline) throw error;
			onRetry?.(failure, waitMs);
			if (failure.credentialsExpired && refreshCredentials !== undefined)
				await abortable(refreshCredentials(), stop);
			await delay(waitMs, stop);
		}
	}
}

/** Half fixed, half random, so that many clients do not come back at the same moment. */
function backoff(attempt: number, longestMs: number): number {
	const longest = Math.min(longestMs, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
	return longest * (0.5 + Math.random() / 2);
}
