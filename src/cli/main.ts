import { outlivesTerminal } from "./hangup.ts";
import { writeLine } from "./io.ts";
import { run } from "./run.ts";
import { abortOnSignals } from "./signals.ts";
import { printable } from "./text.ts";

// The SDK's notice about the end of Node 20 is for developers; here it would be noise in every cron mail.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

// A log that is full or closed must not end a backup; the archive's own output reports its errors itself.
process.stderr.on("error", () => {});
process.stdout.on("error", () => {});

let leftover: string | undefined;
const { signal, dispose } = abortOnSignals(
	(exitCode) => {
		const left = leftover === undefined ? "" : `; ${printable(leftover)} may be left behind`;
		writeLine(process.stderr, `zipferry: stopped at once${left}`);
		process.exit(exitCode);
	},
	outlivesTerminal() ? ["SIGHUP"] : [],
);

// Until a result is there: an event loop that runs empty before must not look like success.
process.exitCode = 1;
// And it must not run empty while a clean-up waits for something that does not hold it open, as a thread's end.
const staying = setInterval(() => {}, 60_000);
const exitCode = await run(process.argv.slice(2), {
	stdout: process.stdout,
	stderr: process.stderr,
	signal,
	mayLeave(what) {
		leftover = what;
	},
});
dispose();
clearInterval(staying);
await Promise.all([process.stdout, process.stderr].map(flushed));
// Not by itself: a program that was asked for credentials, and has not answered, would keep this one alive.
process.exit(exitCode);

/** Resolves when all that was written has gone out, or cannot. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
	return new Promise((resolve) => {
		stream.write("", () => resolve());
	});
}
