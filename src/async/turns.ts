import { setImmediate as nextTurn } from "node:timers/promises";

const TURN_MS = 10;

/** Work that never waits gives sockets, signals and timers a turn every 10 ms. */
export class Turns {
	#since = performance.now();

	/** Whether it is time for the others. Called for each item, so that most items do not wait. */
	get due(): boolean {
		return performance.now() - this.#since > TURN_MS;
	}

	/** Lets the others have theirs. */
	async give(): Promise<void> {
		await nextTurn();
		this.#since = performance.now();
	}
}
