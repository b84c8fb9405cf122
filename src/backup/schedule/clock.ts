import { delay } from "../../async/delay.ts";

/** What a schedule knows of time. */
export interface Clock {
	/** The time of day, which may be set and then jump, milliseconds since 1970. */
	now(): number;
	/** Waits for so many milliseconds; rejects with the reason of the signal. The sleep of a machine may not count. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = { now: Date.now, sleep: delay };

/**
 * Timers do not notice that a clock was set or that the machine has slept, and none is longer than 25 days (2^31 ms):
 * so there is a look at the clock this often.
 */
const LOOK_MS = 60_000;

/**
 * Waits until the clock shows that time or a later one, however it comes to that.
 *
 * @param onLook - Told the time, whenever somebody looks; `false` ends the wait.
 * @returns whether the time has come
 */
export async function waitUntil(
	time: number,
	clock: Clock,
	signal: AbortSignal,
	onLook: (now: number) => boolean,
): Promise<boolean> {
	for (;;) {
		const now = clock.now();
		if (!onLook(now)) return false;
		if (now >= time) return true;
		await clock.sleep(Math.min(time - now, LOOK_MS), signal);
	}
}
