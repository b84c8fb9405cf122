import { setImmediate as nextTurn } from "node:timers/promises";

const TURN_MS = 10;

/** Where nothing has to be waited for, others get their turn every 10 ms: sockets, signals, timers. */
export class Turns {
	#since = performance.now();

	/** Whether it is time for the others. Asked for each item, so that waiting is not. */
	get due(): boolean {
		return performance.now() - this.#since > TURN_MS;
	}

	/** Lets the others have theirs. */
	async give(): Promise<void> {
		await nextTurn();
		this.#since = performance.now();
	}
}
