import type { ObjectLock } from "../../../backup/job.ts";
import { parseCalendarSpan } from "../../../backup/retention/calendar-span.ts";
import { InvalidOptionError } from "../../../errors.ts";
import type { Values } from "../option.ts";
import type { LOCK_OPTIONS } from "./lock-options.ts";

/**
 * The locks that the options ask for.
 *
 * @returns `undefined` if they ask for none
 * @throws {InvalidOptionError}
 */
export function objectLockOf(values: Values<typeof LOCK_OPTIONS>): ObjectLock | undefined {
	const { lock: mode, "lock-interval": intervalMs, "lock-max": max } = values;
	if (mode === undefined) return undefined;
	if (intervalMs === undefined || intervalMs === 0)
		throw new InvalidOptionError(
			"--lock needs the time between two runs: say --lock-interval 24h if the backup runs once a day",
		);
	return { mode, intervalMs, max: max === undefined ? undefined : parseCalendarSpan("--lock-max", max) };
}
