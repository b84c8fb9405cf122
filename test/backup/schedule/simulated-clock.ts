import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../../src/backup/schedule/clock.ts";

interface Timer {
	readonly at: number;
	readonly resolve: () => void;
}

/** A clock that goes when it is told to, and can be set, or sleep as a machine does. */
export class SimulatedClock implements Clock {
	/** The longest that anybody has waited for at once, milliseconds. */
	longestSleep = 0;
	#elapsed = 0;
	#set: number;
	readonly #timers = new Set<Timer>();

	constructor(start: string) {
		this.#set = Date.parse(start);
	}

	now(): number {
		return this.#set + this.#elapsed;
	}

	sleep(ms: number, signal: AbortSignal): Promise<void> {
		this.longestSleep = Math.max(this.longestSleep, ms);
		return new Promise((resolve, reject) => {
			if (signal.aborted) return reject(signal.reason);
			const timer = { at: this.#elapsed + ms, resolve };
			this.#timers.add(timer);
			signal.addEventListener("abort", () => {
				this.#timers.delete(timer);
				reject(signal.reason);
			});
		});
	}

	/** Lets time pass, with all that happens in it. */
	async pass(ms: number): Promise<void> {
		const end = this.#elapsed + ms;
		for (;;) {
			await nextTurn();
			const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
			if (next === undefined || next.at > end) break;
			this.#timers.delete(next);
			this.#elapsed = next.at;
			next.resolve();
		}
		this.#elapsed = end;
		await nextTurn();
	}

	async passUntil(time: string): Promise<void> {
		await this.pass(Date.parse(time) - this.now());
	}

	/** The clock shows another time, and nothing else happens: it was set, or the machine has slept. */
	jump(ms: number): void {
		this.#set += ms;
	}
}
