import { InvalidOptionError } from "../../errors.ts";
import { nearestOf } from "../../options/nearest.ts";
import type { Command } from "../commands/command.ts";

/** What a command line asks for, before its options are looked at. */
export type Request =
	| { readonly kind: "version" }
	/** Of the program, if there is no command; in full, or what most people need. */
	| { readonly kind: "help"; readonly command: Command | undefined; readonly full: boolean }
	/** A command, with the words behind its name. */
	| { readonly kind: "run"; readonly command: Command; readonly words: readonly string[] };

/** @throws {InvalidOptionError} if the first word is no command */
export function readRequest(args: readonly string[], commands: readonly Command[]): Request {
	const end = args.indexOf("--");
	const options = args.slice(0, end < 0 ? args.length : end).filter((word) => word.startsWith("-"));
	if (options.includes("--version")) return { kind: "version" };

	const full = options.some((word) => word === "--help" || word === "-help");
	const helpWanted = full || options.some((word) => asksForHelp(word, commands));
	const [first] = helpWanted ? args.filter((word) => !word.startsWith("-")) : args;
	if (helpWanted && first === undefined) return { kind: "help", command: undefined, full };
	if (first === undefined)
		throw new InvalidOptionError(
			`say what to do, such as ${commands[0]?.examples[0][0]}; zipferry --help shows all commands`,
		);
	const command = findCommand(first, commands);
	return helpWanted ? { kind: "help", command, full } : { kind: "run", command, words: args.slice(1) };
}

/** @throws {InvalidOptionError} with the nearest one, if there is no such command */
export function findCommand(
	word: string,
	commands: readonly Command[],
	others: readonly string[] = [],
): Command {
	const command = commands.find(({ name }) => name === word);
	if (command !== undefined) return command;
	if (word.startsWith("-") && word !== "-")
		throw new InvalidOptionError(`the command comes first: zipferry <command> ${word}`);
	const nearest = nearestOf(word, [...commands.map(({ name }) => name), ...others]);
	const meant = nearest === undefined ? "zipferry --help shows all" : `did you mean ${nearest}?`;
	throw new InvalidOptionError(`there is no command ${JSON.stringify(word)}; ${meant}`);
}

/** `-h`, also among other letters that stand for options: `-qh`. */
function asksForHelp(word: string, commands: readonly Command[]): boolean {
	if (!/^-\w*h\w*$/.test(word)) return false;
	const letters = new Set(
		commands.flatMap(({ options }) => Object.values(options).flatMap(({ alias }) => alias ?? [])),
	);
	return [...word.slice(1)].every((letter) => letter === "h" || letters.has(letter));
}
