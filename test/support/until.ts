import { setTimeout as delay } from "node:timers/promises";

const PATIENCE_MS = 90_000;

/** Waits until that is so; not for ever, as whatever runs meanwhile is to be ended. */
export async function until(isThere: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + PATIENCE_MS;
	while (!(await isThere())) {
		if (Date.now() > deadline) throw new Error("waited in vain");
		await delay(20);
	}
}
