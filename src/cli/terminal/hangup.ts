import { readFileSync, readlinkSync } from "node:fs";

/**
 * Whether the program is to outlive its terminal: it was started by `nohup`, or by a shell with `trap '' HUP`.
 *
 * Both hand it over with SIGHUP ignored, and Node takes that back before any JavaScript runs, so that its
 * own mask says nothing any more. What is left are traces. Where there are none, on other systems than Linux
 * for instance, `setsid` or `disown` do what `nohup` is meant to.
 */
export function outlivesTerminal(environment: NodeJS.ProcessEnv = process.env): boolean {
	// bash and zsh say there which program they have started, and nohup becomes us.
	if (environment["_"]?.endsWith("/nohup")) return true;
	try {
		return hasUnreadableStdin() || ignoresHangup(process.ppid);
	} catch {
		return false; // no /proc
	}
}

/** GNU nohup puts a `/dev/null` in the place of a terminal that can be written to only; nobody else does. */
function hasUnreadableStdin(): boolean {
	const accessMode = Number.parseInt(field("/proc/self/fdinfo/0", "flags"), 8) & 0o3;
	return readlinkSync("/proc/self/fd/0") === "/dev/null" && accessMode === 0o1;
}

/** A signal that a shell ignores is ignored by its children as well; so it is behind `nohup` with a script. */
function ignoresHangup(pid: number): boolean {
	return (BigInt(`0x${field(`/proc/${pid}/status`, "SigIgn")}`) & 1n) === 1n;
}

function field(file: string, name: string): string {
	return new RegExp(`^${name}:\\s*(\\S+)$`, "m").exec(readFileSync(file, "utf8"))?.[1] ?? "0";
}
