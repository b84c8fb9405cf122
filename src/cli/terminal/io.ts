import { redact } from "../../secrets/redact.ts";
import type { Stdout } from "../output/stdout.ts";
import { printable } from "./text.ts";

/** The world of a command: everything it may read from or write to but files and the network. */
export interface Io {
	/** Data only: JSON, plans, the archive itself. */
	readonly stdout: Stdout;
	/** Everything meant for people. */
	readonly stderr: NodeJS.WriteStream;
	/** Aborts when the user stops the program. */
	readonly signal: AbortSignal;
	/** Tells what a second signal, which ends the program at once, would leave behind, if anything. */
	mayLeave(what: string | undefined): void;
}

/**
 * Writes one line, without secrets and without control characters: whoever wrote a part of the text, it cannot
 * begin another line. A log that is full or closed must not stop a backup: a failure is ignored.
 */
export function writeLine(stream: NodeJS.WriteStream, line: string): void {
	try {
		stream.write(`${printable(redact(line))}\n`);
	} catch {
		// Nowhere left to say it.
	}
}
