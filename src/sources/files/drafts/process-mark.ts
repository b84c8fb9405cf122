import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { errorCode } from "../file-system.ts";
import type { ProcessMark } from "./drafts.ts";

/** Fields of `/proc/PID/stat` behind the name, which may have spaces in it: the state, and the start in ticks. */
const STATE = 0;
const START = 19;

/** PID namespace of the processes outside of all containers; Linux has always given it this number. */
const NO_CONTAINER = "4026531836";

export function markOfThisProcess(): ProcessMark {
	try {
		const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
		const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
		const startedAt = statOf("self")[START];
		if (startedAt !== undefined) return { boot, namespace, pid: process.pid, startedAt };
	} catch {
		// No Linux, or no /proc.
	}
	const boot = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
	const startedAt = Math.round(Date.now() - process.uptime() * 1000);
	return { boot, namespace: "0", pid: process.pid, startedAt: String(startedAt) };
}

/**
 * Whether a process has ended for certain.
 *
 * @param own - The mark of this process.
 * @param onLocalDisk - Whether what it wrote is on a disk that only this machine can write to.
 */
export function hasEnded(mark: ProcessMark, own: ProcessMark, onLocalDisk: boolean): boolean {
	if (mark.namespace !== own.namespace) return false; // of another container, which cannot be seen from here
	// The machine was started again since; but there are containers with an id of their own for that.
	if (mark.boot !== own.boot) return onLocalDisk && own.namespace === NO_CONTAINER;
	try {
		process.kill(mark.pid, 0);
	} catch (error) {
		return errorCode(error) === "ESRCH";
	}
	// Somebody has its number now; on Linux it shows whether that is the same process.
	if (mark.namespace === "0") return false;
	try {
		const stat = statOf(String(mark.pid));
		return stat[START] !== mark.startedAt || /^[ZX]$/.test(stat[STATE] ?? "");
	} catch {
		return false; // processes of others may be hidden
	}
}

function statOf(pid: string): string[] {
	const text = readFileSync(`/proc/${pid}/stat`, "utf8");
	return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
