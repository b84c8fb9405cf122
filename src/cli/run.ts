import { ConfigError } from "../backup/config/config-error.ts";
import { InvalidOptionError } from "../errors.ts";
import { checkEncoding } from "./arguments/check-arguments.ts";
import { readRequest } from "./arguments/request.ts";
import { COMMANDS } from "./commands/all-commands.ts";
import {
	isFlagOn,
	namingVariables,
	strangeVariables,
	type Words,
	withVariables,
} from "./environment/variables.ts";
import { errorToJson } from "./error-to-json.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { ResumableFailure } from "./run-failure.ts";
import { messageInCommands } from "./terminal/command-words.ts";
import { type Io, writeLine } from "./terminal/io.ts";
import { printJson } from "./terminal/report.ts";
import { asInterrupted } from "./terminal/signals.ts";
import { stackLines } from "./terminal/stack.ts";

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
	let given: Words = { words: args, fromVariables: [], ofServices: [] };
	try {
		io.signal.throwIfAborted(); // while the program was being loaded
		checkEncoding(args);
		const request = readRequest(args, COMMANDS);
		if (request.kind !== "run") {
			// Loaded here, as the parser below: a run needs one of the two.
			const { answer } = await import("./help/answer.ts");
			await io.stdout.print(`${answer(request, COMMANDS, io)}\n`);
			return EXIT.ok;
		}
		const { command, words } = request;
		given = withVariables(words, command.options, process.env);
		const { readArguments } = await import("./arguments/parser.ts");
		const { operands, options } = await readArguments(given.words, command, COMMANDS);
		if (Object.keys(command.options).length > 0) warnOfVariables(given, io);
		const typed = Object.keys(options).filter((name) => !given.fromVariables.includes(name));
		return await command.start(operands, options, io, typed);
	} catch (error) {
		return await reportError(asInterrupted(error), given, io);
	}
}

function warnOfVariables({ ofServices }: Words, io: Io): void {
	for (const name of ofServices)
		writeLine(
			io.stderr,
			`warning: ${name} is not used: its value is the address of a service, as Kubernetes sets it (enableServiceLinks)`,
		);
	const tables = COMMANDS.map(({ options }) => options);
	for (const warning of strangeVariables(process.env, tables)) writeLine(io.stderr, `warning: ${warning}`);
}

async function reportError(error: unknown, { words, fromVariables }: Words, io: Io): Promise<number> {
	const exitCode = exitCodeOf(error);
	const said = messageInCommands(error);
	const message = error instanceof InvalidOptionError ? namingVariables(said, fromVariables) : said;
	const isBug = exitCode === EXIT.bug;
	const lines = isBug ? describeBug(error) : linesOf(error, message).map((line) => `zipferry: ${line}`);
	for (const line of lines) writeLine(io.stderr, line);
	if (isFlagOn("debug", words, process.env) && !isBug)
		for (const line of stackLines(error)) writeLine(io.stderr, line);
	if (isFlagOn("json", words, process.env)) {
		const kept = error instanceof ResumableFailure ? error.kept : undefined;
		const incompleteUpload = kept && { uploadId: kept.uploadId, partCount: kept.partCount, size: kept.size };
		await printJson(io, { error: { ...errorToJson(error), message, incompleteUpload } });
	}
	return exitCode;
}

/** A config has all its problems told at once, each with its place. */
function linesOf(error: unknown, message: string): readonly string[] {
	return error instanceof ConfigError ? error.lines : [message];
}

/** The lines about an error that nobody has foreseen. */
export function describeBug(error: unknown): readonly string[] {
	return [`zipferry: unexpected error, please report it: ${messageInCommands(error)}`, ...stackLines(error)];
}
