import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { delay } from "../../../async/delay.ts";
import { ask, factsOf } from "../../lock/ask-holder.ts";
import { type Listening, listenAt } from "../../lock/listen.ts";
import { lockAddress } from "../../lock/lock-address.ts";
import { LockedError, type LockHolder } from "../../lock/locked-error.ts";

/** A holder that does not answer is about to begin, or to end: so often it is asked again, after so many milliseconds. */
const TRIES = 10;
const PAUSE_MS = 100;

/**
 * Takes a state file for this process, until it is released or the process ends, SIGKILL included: two schedules with
 * one state would both run what is due.
 *
 * @param file - Path of the state file.
 * @throws {LockedError} if another process of this machine has it
 */
export async function claimState(file: string, signal: AbortSignal): Promise<Listening> {
	const identity = createHash("sha256")
		.update(`schedule\0${resolve(file)}`)
		.digest("hex")
		.slice(0, 32);
	const address = await lockAddress(identity);
	const self = { pid: process.pid, host: hostname(), since: new Date().toISOString(), until: undefined };
	for (let left = TRIES; ; left--) {
		const listening = await listenAt(address, factsOf(self));
		if (listening !== undefined) return listening;
		const held = await ask(address);
		if (held !== "free") {
			held.close();
			throw claimedBy(held.holder);
		}
		if (left === 0) throw claimedBy({ pid: undefined, host: undefined, since: undefined, until: undefined });
		await delay(PAUSE_MS, signal);
	}
}

function claimedBy(holder: LockHolder): LockedError {
	const { pid, since } = holder;
	const which = pid === undefined ? "" : `, ${pid},`;
	const when = since === undefined ? "" : ` since ${since}`;
	return new LockedError(`another process${which} runs this schedule${when}`, holder);
}
