import { hostname } from "node:os";
import type { KeyTemplate } from "../template/key-template.ts";
import { type HoldOptions, holdAddress } from "./hold-address.ts";
import { jobIdentity } from "./job-identity.ts";
import { lockAddress, lockScope } from "./lock-address.ts";
import { LockedError, type LockHolder, WAIT_ADVICE } from "./locked-error.ts";

export interface LockJobOptions extends HoldOptions {
	/** Tells jobs of the same bucket name in several storages apart. */
	readonly endpoint?: string | undefined;
	/** Where to listen; by default an address of this system, named after the job. */
	readonly address?: string | undefined;
}

/** A lock that is held. */
export interface JobLock {
	/** Names this lock among those of all machines, where that can be known: whoever holds it is alone with the name. */
	readonly scope: string | undefined;
	release(): Promise<void>;
}

/**
 * Keeps other runs of the same job on this machine away, whatever user they belong to. The lock is free at once when
 * it is released or the process ends, SIGKILL included.
 *
 * @throws {LockedError} `LOCKED` if another run holds it, after the wait.
 */
export async function lockJob(template: KeyTemplate, options: LockJobOptions): Promise<JobLock> {
	const address = options.address ?? (await lockAddress(jobIdentity(template, options.endpoint)));
	const { release } = await holdAddress(address, options, (holder) => lockedBy(holder, options.waitMs));
	return { scope: lockScope(address), release };
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
