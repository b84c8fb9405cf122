import { hostname } from "node:os";
import { underAnySignal } from "../../async/any-signal.ts";
import { delay } from "../../async/delay.ts";
import { ask, factsOf, type HeldLock } from "./ask-holder.ts";
import { type Listening, listenAt } from "./listen.ts";
import type { LockHolder } from "./locked-error.ts";

export interface HoldOptions {
	/** How long to wait for somebody else who holds it, milliseconds; 0 fails at once. */
	readonly waitMs: number;
	/** Called once, before the wait begins. */
	readonly onWait?: ((holder: LockHolder) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** Milliseconds between two tries at least. */
const PAUSE = 100;

/** So often an address may be taken although nobody listens there: its holder is about to begin, or to end. */
const VACANT_TRIES = 10;

/** Somebody has the address for good and does not listen. */
const UNKNOWN: HeldLock = {
	holder: { host: undefined, pid: undefined, since: undefined, until: undefined },
	freed: new Promise(() => {}),
	close: () => {},
};

/**
 * Takes an address for this process alone, and tells others who has it.
 *
 * @param refuse - Makes the error for somebody else's holding it, after the wait.
 */
export async function holdAddress(
	address: string,
	{ waitMs, onWait, signal }: HoldOptions,
	refuse: (holder: LockHolder) => Error,
): Promise<Listening> {
	const since = new Date().toISOString();
	const facts = factsOf({ pid: process.pid, host: hostname(), since, until: undefined });
	const deadline = performance.now() + waitMs;
	let told = false;
	for (let vacant = 0; ; ) {
		signal?.throwIfAborted();
		const listening = await listenAt(address, facts);
		if (listening !== undefined) return listening;
		const held = await ask(address);
		if (held === "free" && vacant < VACANT_TRIES) {
			vacant++;
			await delay(PAUSE, signal);
			continue;
		}
		const { holder, freed, close } = held === "free" ? UNKNOWN : held;
		try {
			const left = deadline - performance.now();
			if (left <= 0) throw refuse(holder);
			if (!told) onWait?.(holder);
			told = true;
			await waitFor(freed, left, signal);
		} finally {
			close();
		}
	}
}

/** Waits for the end of `freed`, but neither longer than that nor so briefly that tries come without a break. */
async function waitFor(freed: Promise<void>, left: number, signal: AbortSignal | undefined): Promise<void> {
	const over = new AbortController();
	await underAnySignal([signal, over.signal], async (until) => {
		try {
			await Promise.all([Promise.race([freed, delay(left, until)]), delay(Math.min(PAUSE, left), until)]);
		} finally {
			over.abort();
		}
	});
}
