import { takeLease } from "../../../backup/lock/lease.ts";
import { lockJob } from "../../../backup/lock/lock-job.ts";
import type { LockHolder } from "../../../backup/lock/locked-error.ts";
import type { KeyTemplate } from "../../../backup/template/key-template.ts";
import { problemOf } from "../../../errors.ts";
import type { Connection } from "../../../s3/connection.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { printable } from "../../terminal/text.ts";

export interface LockValues {
	readonly "lock-wait": number;
	readonly "no-lease"?: boolean | undefined;
	readonly quiet?: boolean | undefined;
}

/**
 * Works on the archives of a job while no run of it does, here or on another machine.
 *
 * @param work - Gets what makes sure, before each step that cannot be undone, that this is still so.
 * @throws {LockedError} if another run is under way, after the wait
 */
export async function whileLocked<Result>(
	connection: Connection,
	template: KeyTemplate,
	values: LockValues,
	io: Io,
	work: (check: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
	const { "lock-wait": waitMs, "no-lease": noLease = false, quiet = false } = values;
	const onWait = (holder: LockHolder) => {
		if (!quiet) writeLine(io.stderr, waiting(holder));
	};
	const { endpoint } = connection;
	const lock = await lockJob(template, { waitMs, endpoint, onWait, signal: io.signal });
	try {
		const { scope } = lock;
		const lease = noLease
			? undefined
			: await takeLease(connection, template, { waitMs, scope, onWait, signal: io.signal });
		try {
			return await work(async () => lease?.check(io.signal));
		} finally {
			await lease?.release().catch((error: unknown) => {
				writeLine(io.stderr, `warning: the lease could not be given back: ${problemOf(error)}`);
			});
		}
	} finally {
		await lock.release();
	}
}

function waiting({ host, pid }: LockHolder): string {
	const who = [
		...(pid === undefined ? [] : [`process ${pid}`]),
		...(host === undefined ? [] : [`on ${printable(host)}`]),
	];
	return `waiting for another run of this job${who.length === 0 ? "" : ` (${who.join(" ")})`}`;
}
