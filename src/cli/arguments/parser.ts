import yargs, { type Argv } from "yargs";
import { InvalidOptionError } from "../../errors.ts";
import { nearestOf } from "../../options/nearest.ts";
import type { Command } from "../commands/command.ts";
import { usageOf } from "../commands/operands.ts";
import { describeExitCodes } from "../exit-codes.ts";
import type { RawValues } from "../options/read-values.ts";
import { VERSION } from "../version.ts";
import { checkArguments } from "./check-arguments.ts";
import { checkGiven, OWN_OPTIONS } from "./check-given.ts";
import { describeProgram } from "./describe-program.ts";
import { plainWords } from "./plain-words.ts";
import { forHelp, toYargs } from "./to-yargs.ts";

/** The command and its options, as parsed. */
export type Task =
	/** Help or the version, as text to print. */
	| { readonly told: string }
	| { readonly command: Command; readonly operands: readonly string[]; readonly options: RawValues };

/**
 * Reads the command line.
 *
 * @param columns - Width of the terminal that a help is for.
 * @throws {InvalidOptionError} for what is no command, no option of it, or has no value where one is needed
 */
export async function readCommandLine(
	typed: readonly string[],
	commands: readonly Command[],
	columns: number,
): Promise<Task> {
	const args = plainWords(typed, Object.assign({}, ...commands.map(({ options }) => options)));
	// It lays out the help of every run. Where nobody reads it, there is to be nothing to lay out.
	const helpWanted = args.some((word) => /^(--help|-\w*h)/.test(word));
	let cli = yargs()
		.scriptName("zipferry")
		.version(VERSION)
		.help()
		.alias("help", "h")
		.strict()
		.detectLocale(false) // explain() reads English, and so does who wrote the rest
		.exitProcess(false)
		.wrap(helpWanted ? Math.min(110, columns) : null)
		.parserConfiguration({
			"boolean-negation": false, // --no-clobber is an option, not the opposite of one
			"camel-case-expansion": false,
			"dot-notation": false,
			"greedy-arrays": false,
			"parse-positional-numbers": false,
			"strip-aliased": true,
		})
		.demandCommand(
			1,
			`say what to do: ${commands.map(({ name }) => name).join(", ")}; zipferry --help shows more`,
		)
		.fail((message, error) => {
			// Its own complaints come as a message or as an error of its own class.
			if (error === undefined || error.name === "YError")
				throw new InvalidOptionError(explain(message ?? error?.message, commands));
			throw error;
		});
	let chosen: Task | undefined;
	let named = false;
	for (const command of commands)
		cli = cli.command(
			command.name,
			false, // described by us, in groups
			(own) => {
				named = true;
				return setUp(own, command, commands, args, helpWanted);
			},
			({ _: [, ...operands], ...options }) => {
				chosen = { command, operands: operands.map(String), options };
			},
		);
	let told = "";
	await hide(cli, OWN_OPTIONS, helpWanted).parseAsync([...args], {}, (_error, _given, output) => {
		told = output;
	});
	if (chosen !== undefined) return chosen;
	return { told: named || told === VERSION ? told : describeProgram(commands) };
}

/**
 * Adds options to a command; those that are no lists are refused when given twice.
 *
 * Operands are not declared to yargs: it drops a lone `-` from the declared ones and everything behind
 * `--`. They are in `_` as they stand, after the name of the command.
 */
function setUp(
	cli: Argv,
	command: Command,
	commands: readonly Command[],
	args: readonly string[],
	helpWanted: boolean,
): Argv {
	checkArguments(args, command.options);
	const options = Object.entries(command.options).map(([name, option]) => [
		name,
		{ ...toYargs(option), ...(helpWanted ? forHelp(option) : {}) },
	]);
	const own = cli
		.strict(false)
		.options(Object.fromEntries(options))
		.usage(`zipferry ${command.name} ${usageOf(command.operands)}\n\n${command.description}`)
		.example(command.examples.map(([line, what]): [string, string] => [line, what]))
		.epilogue(describeExitCodes(command.exitCodes, command.success))
		.middleware(({ _: _operands, $0: _name, "--": _behind, ...given }) => {
			for (const [name, value] of Object.entries(given)) checkGiven(name, value, command, commands, args);
		}, true); // before checks of its own, which stumble over names such as "constructor"
	return hide(own, [...Object.keys(command.options), ...OWN_OPTIONS], helpWanted);
}

function hide(cli: Argv, names: readonly string[], helpWanted: boolean): Argv {
	if (!helpWanted) for (const name of names) cli.hide(name);
	return cli;
}

/** Turns yargs' words into a line that says what to do. */
function explain(message: string, commands: readonly Command[]): string {
	const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(", ")[0];
	if (unknown !== undefined) {
		const nearest = nearestOf(
			unknown,
			commands.map(({ name }) => name),
		);
		const meant = nearest === undefined ? "" : `; did you mean ${nearest}?`;
		return `there is no option or command "${unknown}"${meant}`;
	}
	const lacking = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
	if (lacking !== undefined) return `--${lacking} needs a value`;
	return message.replace(/\n\s*/g, " ").trim();
}
