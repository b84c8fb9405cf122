import { isatty } from "node:tty";
import { abortable } from "../async/abortable.ts";
import { messageOf } from "../errors.ts";
import { EXIT } from "./exit-codes.ts";
import { descriptorSink } from "./output/byte-sink.ts";
import { Stdout } from "./output/stdout.ts";
import { run } from "./run.ts";
import { outlivesTerminal } from "./terminal/hangup.ts";
import { writeLine } from "./terminal/io.ts";
import { abortOnSignals, type EarlySignals } from "./terminal/signals.ts";
import { stackLines } from "./terminal/stack.ts";

/** The process from its first line to its end. */
export async function main(early: EarlySignals): Promise<void> {
	// What the command has to say it says itself; this is the SDK talking to programmers.
	console.warn = () => {};
	console.error = () => {};

	// A log that is full or closed must not end a backup.
	process.stderr.on("error", () => {});

	let leftover: string | undefined;
	const onForced = (exitCode: number) => {
		const left = leftover === undefined ? "" : `; ${leftover} may be left behind`;
		writeLine(process.stderr, `zipferry: stopped at once${left}`);
		process.exit(exitCode);
	};
	const signal = abortOnSignals(onForced, outlivesTerminal() ? ["SIGHUP"] : [], early);

	// Node would print it as it is, with whatever a server has put into it.
	process.on("uncaughtException", (error) => {
		const left = leftover === undefined ? "" : `; ${leftover} may be left behind`;
		writeLine(process.stderr, `zipferry: unexpected error, please report it: ${messageOf(error)}${left}`);
		for (const line of stackLines(error)) writeLine(process.stderr, line);
		process.exit(EXIT.bug);
	});

	// Until a result is there: an event loop that runs empty before must not look like success.
	process.exitCode = 1;
	// And it must not run empty while a clean-up waits for something that does not hold it open, as a thread's end.
	setInterval(() => {}, 60_000);
	const exitCode = await run(process.argv.slice(2), {
		stdout: new Stdout(descriptorSink(1), isatty(1), signal),
		stderr: process.stderr,
		signal,
		mayLeave(what) {
			leftover = what;
		},
	});
	// All output has to be written, unless nobody reads it and a signal says not to wait.
	await abortable(flushed(process.stderr), signal.aborted ? undefined : signal).catch(() => {});
	// Not by itself: a program that was asked for credentials, and has not answered, would keep this one alive.
	process.exit(exitCode);
}

/** Resolves when all that was written has gone out, or cannot. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
	return new Promise((resolve) => {
		stream.write("", () => resolve());
	});
}
