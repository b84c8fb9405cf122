import type { Warning } from "../events.ts";
import { EXIT } from "./exit-codes.ts";
import { type Io, writeLine } from "./io.ts";

/** Data for programs: one JSON value, one line, on stdout. */
export function printJson({ stdout }: Io, value: unknown): void {
	writeLine(stdout, JSON.stringify(value));
}

/** 3 if something that should be in the archive could not be read. */
export function exitCodeOfRun(warnings: readonly Warning[]): number {
	return warnings.some(({ code }) => code === "UNREADABLE_SKIPPED") ? EXIT.incomplete : EXIT.ok;
}
