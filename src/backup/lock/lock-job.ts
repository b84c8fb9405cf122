import { hostname } from "node:os";
import { underAnySignal } from "../../async/any-signal.ts";
import { delay } from "../../async/delay.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import { ask, factsOf, type HeldLock } from "./ask-holder.ts";
import { jobIdentity } from "./job-identity.ts";
import { listenAt } from "./listen.ts";
import { lockAddress, lockScope } from "./lock-address.ts";
import { LockedError, type LockHolder, WAIT_ADVICE } from "./locked-error.ts";

export interface LockJobOptions {
	/** How long to wait for another run, milliseconds; 0 fails at once. */
	readonly waitMs: number;
	/** Tells jobs of the same bucket name in several storages apart. */
	readonly endpoint?: string | undefined;
	/** Where to listen; by default an address of this system, named after the job. */
	readonly address?: string | undefined;
	/** Called once, before the wait begins. */
	readonly onWait?: ((holder: LockHolder) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** A lock that is held. */
export interface JobLock {
	/** Names this lock among those of all machines, where that can be known: whoever holds it is alone with the name. */
	readonly scope: string | undefined;
	release(): Promise<void>;
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
 * Keeps other runs of the same job on this machine away, whatever user they belong to. The lock is free at once when
 * it is released or the process ends, SIGKILL included.
 *
 * @throws {LockedError} `LOCKED` if another run holds it, after the wait.
 */
export async function lockJob(template: KeyTemplate, options: LockJobOptions): Promise<JobLock> {
	const { waitMs, signal } = options;
	const address = options.address ?? (await lockAddress(jobIdentity(template, options.endpoint)));
	const facts = factsOf({
		pid: process.pid,
		host: hostname(),
		since: new Date().toISOString(),
		until: undefined,
	});
	const deadline = performance.now() + waitMs;
	let told = false;
	for (let vacant = 0; ; ) {
		signal?.throwIfAborted();
		const listening = await listenAt(address, facts);
		if (listening !== undefined) return { scope: lockScope(address), release: listening.release };
		const held = await ask(address);
		if (held === "free" && vacant < VACANT_TRIES) {
			vacant++;
			await delay(PAUSE, signal);
			continue;
		}
		const { holder, freed, close } = held === "free" ? UNKNOWN : held;
		try {
			const left = deadline - performance.now();
			if (left <= 0) throw lockedBy(holder, waitMs);
			if (!told) options.onWait?.(holder);
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

function lockedBy({ pid, since }: LockHolder, waitMs: number): LockedError {
	const which = pid === undefined ? "" : `, process ${pid}`;
	const when = since === undefined ? "" : `, since ${since}`;
	return new LockedError(
		`another run of this job is under way on this machine${which}${when}`,
		{ pid, since, host: hostname(), until: undefined },
		waitMs > 0 ? undefined : WAIT_ADVICE,
	);
}
