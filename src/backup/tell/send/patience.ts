import { abortable } from "../../../async/abortable.ts";
import { anySignal } from "../../../async/any-signal.ts";
import { delay } from "../../../async/delay.ts";
import { TellError } from "./tell-error.ts";

/** How long somebody is tried to be told. */
export interface Patience {
	/** Milliseconds for one try. */
	readonly tryMs: number;
	/** Milliseconds before the second try, the third, and so on; there are no more. */
	readonly pausesMs: readonly number[];
}

export const PATIENCE: Patience = { tryMs: 10_000, pausesMs: [500, 2_000] };

/**
 * Tries to tell somebody, again if it may pass. A try that takes too long is given up, whatever it waits for.
 *
 * @throws the last failure, or the reason of the signal.
 */
export async function tryToTell(
	tell: (signal: AbortSignal) => Promise<void>,
	{ tryMs, pausesMs }: Patience,
	signal: AbortSignal | undefined,
): Promise<void> {
	for (let tries = 0; ; tries++) {
		try {
			return await inTime(tell, tryMs, signal);
		} catch (error) {
			signal?.throwIfAborted();
			const pause = pausesMs[tries];
			if (pause === undefined || !(error instanceof TellError) || !error.mayPass) throw error;
			await delay(pause, signal);
		}
	}
}

async function inTime(
	tell: (signal: AbortSignal) => Promise<void>,
	tryMs: number,
	signal: AbortSignal | undefined,
): Promise<void> {
	const limit = new AbortController();
	const late = new TellError(`no answer within ${tryMs / 1000} s`, { mayPass: true });
	const timer = setTimeout(() => limit.abort(late), tryMs);
	const either = anySignal(signal, limit.signal);
	try {
		await abortable(tell(either.signal), either.signal);
	} finally {
		clearTimeout(timer);
		either.release();
	}
}
