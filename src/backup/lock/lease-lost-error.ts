import type { Lease } from "./lease-document.ts";
import { LockedError } from "./locked-error.ts";

/** The lease of this run is not its own any more: it was not renewed in time, and another run has taken it over. */
export class LeaseLostError extends LockedError {
	constructor(location: string, by: Lease | undefined) {
		const who =
			by === undefined
				? "somebody has removed it"
				: `${by.host === undefined ? "another run" : `a run on ${by.host}`} has taken it over`;
		const { host, pid, since } = by ?? { host: undefined, pid: undefined, since: undefined };
		super(`${location}, the lease of this run, is lost: ${who}`, { host, pid, since, until: undefined });
	}
}
