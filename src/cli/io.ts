import { redact } from "../secrets/redact.ts";

/** The world of a command: everything it may read from or write to but files and the network. */
export interface Io {
	/** Data only: JSON, plans, the archive itself. */
	readonly stdout: NodeJS.WriteStream;
	/** Everything meant for people. */
	readonly stderr: NodeJS.WriteStream;
	/** Aborts when the user stops the program. */
	readonly signal: AbortSignal;
	/** Tells what a second signal, which ends the program at once, would leave behind. */
	mayLeave(what: string): void;
}

/**
 * What a command does once its arguments are understood; gives the exit code. Carried out after yargs is
 * done: for a command that is still at work it would render the help, in case that is needed.
 */
export type Action = () => Promise<number>;

/** Writes a line, without secrets. */
export function writeLine(stream: NodeJS.WriteStream, line: string): void {
	write(stream, redact(line));
}

/** Writes one JSON value as a line, without secrets in its texts; its names are ours. */
export function writeJson(stream: NodeJS.WriteStream, value: unknown): void {
	const line = JSON.stringify(value, (_name, part: unknown) =>
		typeof part === "string" ? redact(part) : part,
	);
	write(stream, line);
}

/** A log that is full or closed must not stop a backup, so a failure is ignored. */
function write(stream: NodeJS.WriteStream, line: string): void {
	try {
		stream.write(`${line}\n`);
	} catch {
		// Nowhere left to say it.
	}
}
