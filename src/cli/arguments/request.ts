import { InvalidOptionError } from "../../errors.ts";
import { nearestOf } from "../../options/nearest.ts";
import type { Command } from "../commands/command.ts";
import { type Family, familyOf, firstWords, wordsOf } from "../commands/families.ts";

/** What a command line asks for, before its options are looked at. */
export type Request =
	| { readonly kind: "version" }
	/** Of the program, if there is no command; in full, or what most people need. */
	| { readonly kind: "help"; readonly command: Command | undefined; readonly full: boolean }
	/** Of commands that begin with the same word; also if that is all there is. */
	| { readonly kind: "family"; readonly family: Family }
	/** A command, with all words but those of its name. */
	| { readonly kind: "run"; readonly command: Command; readonly words: readonly string[] };

/** @throws {InvalidOptionError} if the first word is no command */
export function readRequest(args: readonly string[], commands: readonly Command[]): Request {
	const end = args.indexOf("--");
	const options = args.slice(0, end < 0 ? args.length : end).filter((word) => word.startsWith("-"));
	if (options.includes("--version")) return { kind: "version" };

	const full = options.some((word) => word === "--help" || word === "-help");
	const helpWanted = full || options.some((word) => asksForHelp(word, commands));
	const isOperand = operandsOf(args, commands);
	const at = args.findIndex((_, index) => isOperand(index));
	const first = args[at];
	if (helpWanted && first === undefined) return { kind: "help", command: undefined, full };
	if (first === undefined)
		throw new InvalidOptionError(
			`say what to do, such as ${commands[0]?.examples[0][0]}; zipferry --help shows all commands`,
		);
	const family = familyOf(first, commands);
	const next = family && args.findIndex((_, index) => index > at && isOperand(index));
	const second = next === undefined ? undefined : args[next];
	if (family !== undefined && second === undefined) return { kind: "family", family };
	const command = findCommand([first, ...(second === undefined ? [] : [second])].join(" "), commands);
	if (helpWanted) return { kind: "help", command, full };
	return { kind: "run", command, words: args.filter((_, index) => index !== at && index !== next) };
}

/** @throws {InvalidOptionError} with the nearest one, if there is no such command */
export function findCommand(
	word: string,
	commands: readonly Command[],
	others: readonly string[] = [],
): Command {
	const command = commands.find(({ name }) => name === word);
	if (command !== undefined) return command;
	const nearest =
		commands.find(({ name }) => wordsOf(name)[1] === word)?.name ?? nearestCommand(word, commands, others);
	const meant = nearest === undefined ? "zipferry --help shows all" : `did you mean ${nearest}?`;
	throw new InvalidOptionError(`there is no command ${JSON.stringify(word)}; ${meant}`);
}

function nearestCommand(
	word: string,
	commands: readonly Command[],
	others: readonly string[],
): string | undefined {
	return nearestOf(word, [...commands.map(({ name }) => name), ...firstWords(commands), ...others]);
}

/** Whether a word is neither an option nor the value of one: those that name the command come first among them. */
function operandsOf(args: readonly string[], commands: readonly Command[]): (index: number) => boolean {
	const valued = new Set(
		commands.flatMap(({ options }) =>
			Object.entries(options).flatMap(([name, { kind, alias }]) =>
				kind === "flag" ? [] : [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])],
			),
		),
	);
	return (index) => args[index]?.startsWith("-") === false && !valued.has(args[index - 1] ?? "");
}

/** `-h`, also among other letters that stand for options: `-qh`. */
function asksForHelp(word: string, commands: readonly Command[]): boolean {
	if (!/^-\w*h\w*$/.test(word)) return false;
	const letters = new Set(
		commands.flatMap(({ options }) => Object.values(options).flatMap(({ alias }) => alias ?? [])),
	);
	return [...word.slice(1)].every((letter) => letter === "h" || letters.has(letter));
}
