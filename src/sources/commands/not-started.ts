import { messageOf } from "../../errors.ts";
import { describeFileError } from "../files/describe-file.ts";
import { errorCode } from "../files/file-system.ts";

/** Why a program could not be started: what `spawn` throws, or tells by an event. */
export function whyNotStarted(error: unknown, program: string): string {
	const code = errorCode(error);
	if (code === "ENOENT" || code === "ENOTDIR") return `there is no program ${program}`;
	const { syscall } = Object(error) as { syscall?: unknown };
	return syscall === undefined ? messageOf(error) : describeFileError(error);
}
