import { InvalidOptionError } from "../../errors.ts";
import { nearestOf } from "../../options/nearest.ts";
import type { Command } from "../commands/command.ts";
import { HELP_OPTIONS } from "../options/help-options.ts";
import { mayRepeat } from "./to-yargs.ts";

/** Options of every command. */
export const OWN_OPTIONS = Object.keys(HELP_OPTIONS);

/**
 * Checks an option that was given to a command.
 *
 * @throws {InvalidOptionError} if the command has no such option, or takes it once only
 */
export function checkGiven(
	name: string,
	value: unknown,
	command: Command,
	commands: readonly Command[],
	args: readonly string[],
): void {
	if (OWN_OPTIONS.includes(name)) return;
	const option = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
	if (option === undefined) throw unknownOption(name, command, commands, args);
	if (Array.isArray(value) && !mayRepeat(option)) throw new InvalidOptionError(`--${name} is given twice`);
}

function listed(words: readonly string[]): string {
	const [last, ...others] = words.toReversed();
	return others.length === 0 ? `${last}` : `${others.toReversed().join(", ")} and ${last}`;
}

function unknownOption(
	name: string,
	{ name: own, options }: Command,
	commands: readonly Command[],
	args: readonly string[],
): InvalidOptionError {
	const others = commands.filter((other) => Object.hasOwn(other.options, name)).map((other) => other.name);
	if (others.length > 0)
		return new InvalidOptionError(`--${name} is an option of ${listed(others)}, not of ${own}`);
	const nearest = nearestOf(name, [...Object.keys(options), ...OWN_OPTIONS]);
	const dashes = args.some((word) => word.startsWith(`--${name}`)) ? "--" : "-";
	const problem = `${own} has no option ${dashes}${name}`;
	return new InvalidOptionError(nearest === undefined ? problem : `${problem}; did you mean --${nearest}?`);
}
