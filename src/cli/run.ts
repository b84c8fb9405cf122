import { checkEncoding } from "./arguments/check-arguments.ts";
import { readCommandLine } from "./arguments/parser.ts";
import { COMMANDS } from "./commands/all-commands.ts";
import { errorToJson } from "./error-to-json.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { ResumableFailure } from "./resumable-failure.ts";
import { messageInCommands } from "./terminal/command-words.ts";
import { type Io, writeLine } from "./terminal/io.ts";
import { printJson } from "./terminal/report.ts";
import { asInterrupted } from "./terminal/signals.ts";
import { stackLines } from "./terminal/stack.ts";

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
	writeLine(io.stderr, `zipferry: ${failure}`);
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
	const prefix = isBug ? "unexpected error, please report it: " : "";
	writeLine(io.stderr, `zipferry: ${prefix}${message}`);
	if (args.includes("--debug") || isBug) for (const line of stackLines(error)) writeLine(io.stderr, line);
	if (args.includes("--json")) {
		const kept = error instanceof ResumableFailure ? error.kept : undefined;
		const incompleteUpload = kept && { uploadId: kept.uploadId, partCount: kept.partCount, size: kept.size };
		await printJson(io, { error: { ...errorToJson(error), incompleteUpload } });
	}
	return exitCode;
}
