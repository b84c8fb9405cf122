import type { Stdout } from "../output/stdout.ts";
import { screenOf } from "./screen.ts";

/** The world of a command: everything it may read from or write to but files and the network. */
export interface Io {
	/** Data only: JSON, plans, the archive itself. */
	readonly stdout: Stdout;
	/** Everything meant for people. */
	readonly stderr: NodeJS.WriteStream;
	/** Aborts when the user stops the program. */
	readonly signal: AbortSignal;
	/** Tells what a second signal, which ends the program at once, would leave behind, if anything. */
	mayLeave(what: Unfinished | undefined): void;
	/** Has SIGHUP do something else than ending the program, until the function that is returned is called. */
	onHangup(listener: () => void): () => void;
}

/** Something a run has begun, and takes back if it is stopped and given the time. */
export interface Unfinished {
	/** What is done about it: `aborting the upload`. */
	readonly stopping: string;
	/** What it is: `the incomplete upload … of …`. */
	readonly what: string;
	/** What removes it if it is left, as one clause. */
	readonly removal?: string;
}

/**
 * Writes one line, without secrets and without control characters: whoever wrote a part of the text, it cannot
 * begin another line. A log that is full or closed must not stop a backup: a failure is ignored.
 */
export function writeLine(stream: NodeJS.WriteStream, line: string): void {
	screenOf(stream).line(line);
}
