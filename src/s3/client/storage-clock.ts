import type { Connection } from "../connection.ts";

/**
 * A time of this machine, and no later one than the storage's clock shows, as far as its answers have told. A clock
 * that is ahead makes everything look old.
 */
export function notAhead({ client, patient }: Pick<Connection, "client" | "patient">, now: Date): Date {
	// What the SDK corrects signatures by: 0 for a clock that is right to within a few minutes.
	const offsetMs = Math.min(client.config.systemClockOffset, patient.config.systemClockOffset);
	return offsetMs < 0 ? new Date(Math.min(now.getTime(), Date.now() + offsetMs)) : now;
}
