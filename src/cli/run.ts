import { ZipferryError } from "../errors.ts";
import { shorten } from "../secrets/shorten.ts";
import { checkEncoding } from "./arguments/check-arguments.ts";
import { readCommandLine } from "./arguments/parser.ts";
import { COMMANDS } from "./commands/all-commands.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { ResumableFailure, RunFailure } from "./run-failure.ts";
import { messageInCommands } from "./terminal/command-words.ts";
import { type Io, writeLine } from "./terminal/io.ts";
import { printJson } from "./terminal/report.ts";
import { asInterrupted, Interrupted } from "./terminal/signals.ts";
import { printable } from "./terminal/text.ts";

/** Characters of a stack, which begins with what a server may have sent. */
const LONGEST_STACK = 32_000;
/** Width of a help that goes into a file. */
const HELP_COLUMNS = 110;

/**
 * Runs the program.
 *
 * @param args - Without the names of the program.
 * @returns its exit code
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
	const exitCode = await perform(args, io);
	const { failure } = io.stdout;
	if (failure === undefined) return exitCode;
	writeLine(io.stderr, `zipferry: ${printable(failure)}`);
	return exitCode === EXIT.ok || exitCode === EXIT.incomplete ? EXIT.output : exitCode;
}

async function perform(args: readonly string[], io: Io): Promise<number> {
	try {
		io.signal.throwIfAborted(); // while the program was being loaded
		checkEncoding(args);
		const task = await readCommandLine(args, COMMANDS, io.stderr.columns ?? HELP_COLUMNS);
		// Begun when yargs is done: for a command that is still at work it would render the help, in case that is needed.
		if ("command" in task) return await task.command.start(task.operands, task.options, io);
		if (task.told !== "") await io.stdout.print(`${task.told}\n`);
		return EXIT.ok;
	} catch (error) {
		return await reportError(asInterrupted(error), args, io);
	}
}

async function reportError(error: unknown, args: readonly string[], io: Io): Promise<number> {
	const exitCode = exitCodeOf(error);
	const message = messageInCommands(error);
	const isBug = exitCode === EXIT.bug;
	const lines = isBug ? describeBug(error) : [`zipferry: ${printable(message)}`];
	for (const line of lines) writeLine(io.stderr, line);
	if (args.includes("--debug") && !isBug) writeLine(io.stderr, describeStack(error));
	if (args.includes("--json")) {
		const kept = error instanceof ResumableFailure ? error.kept : undefined;
		const incompleteUpload = kept && { uploadId: kept.uploadId, partCount: kept.partCount, size: kept.size };
		await printJson(io, { error: { code: codeOf(error), message, exitCode, incompleteUpload } });
	}
	return exitCode;
}

/** The lines about an error that nobody has foreseen. */
export function describeBug(error: unknown): readonly string[] {
	const message = printable(messageInCommands(error));
	return [`zipferry: unexpected error, please report it: ${message}`, describeStack(error)];
}

function codeOf(error: unknown): string {
	if (error instanceof RunFailure) return codeOf(error.cause);
	if (error instanceof ZipferryError) return error.code;
	return error instanceof Interrupted ? "INTERRUPTED" : "BUG";
}

function describeStack(error: unknown): string {
	if (!(error instanceof Error)) return printable(String(error));
	const cause = error.cause === undefined ? "" : `\ncaused by ${describeStack(error.cause)}`;
	const lines = shorten(error.stack ?? error.message, LONGEST_STACK).split("\n");
	return `${lines.map(printable).join("\n")}${cause}`;
}
