import { closest, distance } from "fastest-levenshtein";
import yargs, { type Argv } from "yargs";
import { InvalidOptionError, ZipferryError } from "../errors.ts";
import { shorten } from "../secrets/shorten.ts";
import { checkArguments } from "./arguments/check-arguments.ts";
import { inWordsOfFlags } from "./arguments/flag-words.ts";
import { ARCHIVE_OPTIONS, STORAGE_OPTIONS } from "./arguments/options.ts";
import { createCommand } from "./commands/create.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { uploadCommand } from "./commands/upload.ts";
import { UPLOADS_OPTIONS, uploadsCommand } from "./commands/uploads.ts";
import { EXIT, EXIT_CODE_HELP, exitCodeOf } from "./exit-codes.ts";
import { KeptUpload } from "./kept-upload.ts";
import { type Action, type Io, writeLine } from "./terminal/io.ts";
import { printJson } from "./terminal/report.ts";
import { asInterrupted, Interrupted } from "./terminal/signals.ts";
import { printable } from "./terminal/text.ts";
import { VERSION } from "./version.ts";

const OPTION_TABLES = [ARCHIVE_OPTIONS, STORAGE_OPTIONS, UPLOADS_OPTIONS];
const OPTION_NAMES = [...OPTION_TABLES.flatMap((options) => Object.keys(options)), "help", "version"];
const COMMANDS = ["upload", "create", "uploads", "doctor"];
/** Beyond this, or half of the word, a suggestion is a guess. */
const MAX_DISTANCE = 3;
/** Characters of a stack, which begins with what a server may have sent. */
const LONGEST_STACK = 32_000;

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
	let action: Action = async () => EXIT.ok;
	try {
		io.signal.throwIfAborted(); // while the program was being loaded
		checkArguments(args, OPTION_TABLES);
		const choose = (chosen: Action) => {
			action = chosen;
		};
		const helpWanted = args.some((word) => /^(--help|-\w*h)/.test(word));
		// Help and version, which it would print without a look at whether that can be done.
		let told = "";
		await parser(io, choose, helpWanted).parseAsync(args, {}, (_error, _given, output) => {
			told = output;
		});
		if (told !== "") await io.stdout.print(`${told}\n`);
		return await action();
	} catch (error) {
		return await reportError(inWordsOfFlags(asInterrupted(error)), args, io);
	}
}

function parser(io: Io, choose: (action: Action) => void, helpWanted: boolean): Argv {
	let cli = yargs()
		.scriptName("zipferry")
		.usage(
			"zipferry <command> [options]\n\nArchives files on the fly, straight into a bucket: complete or nothing.",
		)
		.version(VERSION)
		.help()
		.alias("help", "h")
		.strict()
		.detectLocale(false) // explain() reads English, and so does who wrote the rest
		.exitProcess(false)
		.wrap(helpWanted ? Math.min(110, io.stderr.columns ?? 110) : null)
		.parserConfiguration({
			"boolean-negation": false, // --no-clobber is an option, not the opposite of one
			"camel-case-expansion": false,
			"dot-notation": false,
			"greedy-arrays": false,
			"parse-positional-numbers": false,
			"strip-aliased": true,
		})
		.epilogue(EXIT_CODE_HELP)
		.demandCommand(1, `say what to do: ${COMMANDS.join(", ")}; zipferry --help tells more`)
		.fail((message, error) => {
			// Its own complaints come as a message or as an error of its own class.
			if (error === undefined || error.name === "YError")
				throw new InvalidOptionError(explain(message ?? error?.message));
			throw error;
		});
	for (const command of [uploadCommand, createCommand, uploadsCommand, doctorCommand])
		cli = command(cli, io, choose);
	// It lays out the help of every run. Where nobody reads it, there is to be nothing to lay out.
	if (!helpWanted) for (const name of OPTION_NAMES) cli = cli.hide(name);
	return cli;
}

/** Turns yargs' words into a line that says what to do. */
function explain(message: string): string {
	const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(", ")[0];
	if (unknown !== undefined) return `there is no option or command "${unknown}"${suggest(unknown)}`;
	const choice = /Argument: (\S+), Given: (.*), Choices: (.*)$/s.exec(message);
	if (choice !== null) return `--${choice[1]} is one of ${choice[3]}, not ${choice[2]}`;
	const lacking = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
	if (lacking !== undefined) return `--${lacking} needs a value`;
	return message.replace(/\n\s*/g, " ").trim();
}

function suggest(unknown: string): string {
	const nearest = closest(unknown, [...OPTION_NAMES, ...COMMANDS]);
	if (distance(unknown, nearest) > Math.min(MAX_DISTANCE, unknown.length / 2)) return "";
	return `; did you mean ${COMMANDS.includes(nearest) ? nearest : `--${nearest}`}?`;
}

async function reportError(error: unknown, args: readonly string[], io: Io): Promise<number> {
	const exitCode = exitCodeOf(error);
	const message = error instanceof Error ? error.message : String(error);
	const isBug = exitCode === EXIT.bug;
	const prefix = isBug ? "unexpected error, please report it: " : "";
	writeLine(io.stderr, `zipferry: ${prefix}${printable(message)}`);
	if (args.includes("--debug") || isBug) writeLine(io.stderr, describeStack(error));
	if (args.includes("--json")) {
		const kept = error instanceof KeptUpload ? error.kept : undefined;
		const incompleteUpload = kept && { uploadId: kept.uploadId, partCount: kept.partCount, size: kept.size };
		await printJson(io, { error: { code: codeOf(error), message, exitCode, incompleteUpload } });
	}
	return exitCode;
}

function codeOf(error: unknown): string {
	if (error instanceof KeptUpload) return codeOf(error.cause);
	if (error instanceof ZipferryError) return error.code;
	return error instanceof Interrupted ? "INTERRUPTED" : "BUG";
}

function describeStack(error: unknown): string {
	if (!(error instanceof Error)) return printable(String(error));
	const cause = error.cause === undefined ? "" : `\ncaused by ${describeStack(error.cause)}`;
	const lines = shorten(error.stack ?? error.message, LONGEST_STACK).split("\n");
	return `${lines.map(printable).join("\n")}${cause}`;
}
