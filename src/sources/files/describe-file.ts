import type { Stats } from "node:fs";
import { messageOf } from "../../errors.ts";
import { errorCode } from "./file-system.ts";

export function describeSpecial(stats: Stats): string {
	if (stats.isFIFO()) return "FIFO";
	if (stats.isSocket()) return "socket";
	if (stats.isCharacterDevice() || stats.isBlockDevice()) return "device";
	return "special file";
}

/** One sentence on why something cannot be read. */
export function describeFileError(error: unknown): string {
	const code = errorCode(error);
	switch (code) {
		case "ENOENT":
			return "does not exist";
		case "EACCES":
		case "EPERM":
			return "permission denied";
		case "ELOOP":
			return "too many levels of symbolic links";
		case "ENAMETOOLONG":
			return "the path is too long for the system";
		default:
			return systemReason(error);
	}
}

/** What the system says, without the call and the path that Node.js adds: these are of no use to whoever named a file. */
export function systemReason(error: unknown): string {
	const message = messageOf(error);
	const { syscall } = Object(error) as { syscall?: unknown };
	const end = typeof syscall === "string" ? message.lastIndexOf(`, ${syscall}`) : -1;
	return end < 0 ? message : message.slice(0, end);
}
