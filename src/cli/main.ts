import { isatty } from "node:tty";
import { abortable } from "../async/abortable.ts";
import { EXIT } from "./exit-codes.ts";
import { descriptorSink } from "./output/byte-sink.ts";
import { Stdout } from "./output/stdout.ts";
import { describeBug, run } from "./run.ts";
import { outlivesTerminal } from "./terminal/hangup.ts";
import { type Unfinished, writeLine } from "./terminal/io.ts";
import { screenOf } from "./terminal/screen.ts";
import { abortOnSignals, type EarlySignals } from "./terminal/signals.ts";

/** The process from its first line to its end. */
export async function main(early: EarlySignals): Promise<void> {
	// What the command has to say it says itself; this is the SDK talking to programmers.
	console.warn = () => {};
	console.error = () => {};

	// A log that is full or closed must not end a backup.
	process.stderr.on("error", () => {});

	let unfinished: Unfinished | undefined;
	const endAtOnce = (why: string, exitCode: number) => {
		screenOf(process.stderr).hide();
		const left = unfinished === undefined ? "" : `; ${describeLeft(unfinished)}`;
		writeLine(process.stderr, `zipferry: ${why}${left}`);
		process.exit(exitCode);
	};
	const listener = {
		/** A person who waits has to see that the key was heard. */
		onStop() {
			if (!process.stderr.isTTY) return;
			const [what, again] =
				unfinished === undefined ? ["", "stop at once"] : [`: ${unfinished.stopping}`, "leave it"];
			writeLine(process.stderr, `zipferry: stopping${what} (Ctrl-C again to ${again})`);
		},
		onForced: (exitCode: number) => endAtOnce("stopped at once", exitCode),
	};
	const { signal, onHangup } = abortOnSignals(listener, outlivesTerminal() ? ["SIGHUP"] : [], early);
	// Node would print it as it is, with whatever a server has put into it.
	process.on("uncaughtException", (error) => {
		screenOf(process.stderr).hide();
		for (const line of describeBug(error)) writeLine(process.stderr, line);
		endAtOnce("ended by this error", EXIT.bug);
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
			unfinished = what;
		},
		onHangup,
	});
	// All output has to be written, unless nobody reads it and a signal says not to wait.
	await abortable(flushed(process.stderr), signal.aborted ? undefined : signal).catch(() => {});
	// Not by itself: a program that was asked for credentials, and has not answered, would keep this one alive.
	process.exit(exitCode);
}

/** What an end at once leaves, and what removes it. */
function describeLeft({ what, removal }: Unfinished): string {
	return `${what} may be left behind${removal === undefined ? "" : `; ${removal}`}`;
}

/** Resolves when all that was written has gone out, or cannot. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
	return new Promise((resolve) => {
		stream.write("", () => resolve());
	});
}
