import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/** Between looks at whether a group has ended. */
const POLL_MS = 20;
/** For the system to bury what was killed. */
const BURIAL_MS = 2_000;

/** Windows has no groups of processes: there only the program itself is ended. */
export const HAS_GROUPS: boolean = process.platform !== "win32";

/** Programs that are to end with this process, however that ends. */
const running = new Set<ChildProcess>();

/** Ends the program, and all that it has started, if this process ends before {@link release} is called. */
export function holdOn(child: ChildProcess): void {
	if (running.size === 0) process.on("exit", killAll);
	running.add(child);
}

export function release(child: ChildProcess): void {
	running.delete(child);
	if (running.size === 0) process.off("exit", killAll);
}

function killAll(): void {
	for (const child of running) send(child, "SIGKILL");
}

/**
 * Asks a group to end, and kills what is left of it after a while.
 *
 * @param graceMs - How long it may take to end by itself.
 */
export async function endGroup(child: ChildProcess, graceMs: number): Promise<void> {
	if (!send(child, "SIGTERM")) return;
	if (await isGoneWithin(child, graceMs)) return;
	send(child, "SIGKILL");
	await isGoneWithin(child, BURIAL_MS);
}

async function isGoneWithin(child: ChildProcess, timeMs: number): Promise<boolean> {
	const deadline = performance.now() + timeMs;
	for (;;) {
		if (!send(child, 0)) return true;
		if (performance.now() >= deadline) return false;
		await delay(POLL_MS);
	}
}

/** @returns whether anybody was there to get it */
function send(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
	const { pid } = child;
	if (pid === undefined) return false;
	if (!HAS_GROUPS) return child.exitCode === null && child.signalCode === null && child.kill(signal);
	try {
		return process.kill(-pid, signal);
	} catch {
		return false;
	}
}
