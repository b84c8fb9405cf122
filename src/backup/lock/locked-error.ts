import type { Advice } from "../../advice/advice.ts";
import { ZipferryError } from "../../errors.ts";

/** Who holds a lock; what is not known is `undefined`. */
export interface LockHolder {
	readonly host: string | undefined;
	readonly pid: number | undefined;
	/** When it took the lock, ISO 8601. */
	readonly since: string | undefined;
	/** When the lock ends by itself, ISO 8601; `undefined` if it ends with its process. */
	readonly until: string | undefined;
}

/** Another run of the job holds the lock. Nothing was read or sent. */
export class LockedError extends ZipferryError {
	/** Name of the class. */
	override readonly name = "LockedError";
	/** Tells the kind of failure apart. */
	readonly code = "LOCKED";
	readonly holder: LockHolder;

	constructor(problem: string, holder: LockHolder, advice?: Advice | undefined) {
		super(problem, { advice });
		this.holder = holder;
	}
}

/** Advice to wait for the other run, for those who have not waited. */
export const WAIT_ADVICE: Advice = {
	kind: "set-option",
	option: "lockWait",
	example: "10m",
	purpose: "to wait for it",
};
