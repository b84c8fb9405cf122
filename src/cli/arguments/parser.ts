import yargs from "yargs";
import { InvalidOptionError } from "../../errors.ts";
import type { Command } from "../commands/command.ts";
import type { OperandWords } from "../commands/operands.ts";
import type { RawValues } from "../options/read-values.ts";
import { checkArguments } from "./check-arguments.ts";
import { checkGiven, OWN_OPTIONS } from "./check-given.ts";
import { plainWords } from "./plain-words.ts";
import { toYargs } from "./to-yargs.ts";

/** The words of a command line, sorted. */
export interface Arguments {
	readonly operands: OperandWords;
	readonly options: RawValues;
}

/**
 * Sorts the words behind the name of a command into operands and options; those that are no lists are refused
 * when given twice.
 *
 * Operands are not declared to yargs: it drops a lone `-` from the declared ones and everything behind
 * `--`. They are in `_` and `--` as they stand.
 *
 * @throws {InvalidOptionError} for what is no option of the command, or has no value where one is needed
 */
export async function readArguments(
	typed: readonly string[],
	command: Command,
	commands: readonly Command[],
): Promise<Arguments> {
	const every = Object.assign({}, ...commands.map(({ options }) => options), command.options);
	const words = plainWords(typed, every);
	checkArguments(words, command.options);
	const table = Object.entries(command.options).map(([name, option]) => [name, toYargs(option)]);
	const cli = yargs()
		.scriptName("zipferry")
		.version(false)
		.help(false)
		.detectLocale(false) // explain() reads English, and so does who wrote the rest
		.exitProcess(false)
		.parserConfiguration({
			"boolean-negation": false, // --no-clobber is an option, not the opposite of one
			"camel-case-expansion": false,
			"dot-notation": false,
			"greedy-arrays": false,
			"parse-positional-numbers": false,
			"populate--": true,
			"strip-aliased": true,
		})
		.fail((message, error) => {
			// Its own complaints come as a message or as an error of its own class.
			if (error === undefined || error.name === "YError")
				throw new InvalidOptionError(explain(message ?? error?.message));
			throw error;
		})
		.options(Object.fromEntries(table))
		.middleware(({ _: _operands, $0: _name, "--": _behind, ...given }) => {
			for (const [name, value] of Object.entries(given)) checkGiven(name, value, command, commands, words);
		}, true); // before checks of its own, which stumble over names such as "constructor"
	// It lays out the help of every run. Nobody reads it, so there is nothing to lay out.
	for (const name of [...Object.keys(command.options), ...OWN_OPTIONS]) cli.hide(name);
	const { _: operands, $0: _name, "--": behind, ...options } = await cli.parseAsync([...words]);
	return { operands: { words: operands.map(String), behind: wordsOf(behind) }, options };
}

function wordsOf(behind: unknown): string[] {
	return Array.isArray(behind) ? behind.map(String) : [];
}

/** Turns yargs' words into a line that says what to do. */
function explain(message: string): string {
	const lacking = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
	if (lacking !== undefined) return `${lacking.length === 1 ? "-" : "--"}${lacking} needs a value`;
	return message.replace(/\n\s*/g, " ").trim();
}
