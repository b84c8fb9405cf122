import { HOOK_VARIABLES } from "../../backup/run/hook-environment.ts";
import { InvalidOptionError } from "../../errors.ts";
import { nearestOf } from "../../options/nearest.ts";
import { negationOf } from "../arguments/plain-words.ts";
import { mayRepeat } from "../arguments/to-yargs.ts";
import type { Option, OptionTable } from "../options/option.ts";
import { isServiceLink } from "./service-links.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = "ZIPFERRY_";
/** Variables for the tests of the project. */
const FOR_TESTS = `${PREFIX}TEST_`;
/**
 * Variables that are of no option: by custom of images and their builds one says which version is installed, and hooks of
 * a backup may run the program as well.
 */
const OTHERS: ReadonlySet<string> = new Set([`${PREFIX}VERSION`, ...HOOK_VARIABLES]);

const SWITCH = new Map([
	...["1", "true", "yes", "on"].map((word) => [word, true] as const),
	...["0", "false", "no", "off"].map((word) => [word, false] as const),
]);

/** The variable of an option: `ZIPFERRY_PART_SIZE` for `part-size`. */
export function variableOf(option: string): string {
	return `${PREFIX}${option.toUpperCase().replaceAll("-", "_")}`;
}

/** Words of a command line, and which options among them come from variables. */
export interface Words {
	readonly words: readonly string[];
	/** Names of options. */
	readonly fromVariables: readonly string[];
	/** Variables of options that are not used, as somebody else has set them for something else. */
	readonly ofServices: readonly string[];
}

/**
 * Puts the variables of options in front of the words of a command line that do not give them: what is said of
 * a word, its checks and what it means, is so of a variable.
 *
 * @throws {InvalidOptionError} for an empty variable, one that is not UTF-8, or one for a flag that is neither on nor off
 */
export function withVariables(given: readonly string[], options: OptionTable, env: Environment): Words {
	const set = Object.entries(options).filter(
		([name, option]) => env[variableOf(name)] !== undefined && !isGiven(name, option, given),
	);
	const fromVariables = set.filter(([name]) => !isServiceLink(variableOf(name), env));
	const ofServices = set.map(([name]) => variableOf(name)).filter((name) => isServiceLink(name, env));
	const words = fromVariables.flatMap(([name, option]) => {
		const values = readVariable(variableOf(name), option, env[variableOf(name)] ?? "");
		return values.map((value) => `--${name}=${value}`);
	});
	return { words: [...words, ...given], fromVariables: fromVariables.map(([name]) => name), ofServices };
}

/** Whether a flag is on, before anybody knows whether the rest makes sense. */
export function isFlagOn(name: string, words: readonly string[], env: Environment): boolean {
	const end = words.indexOf("--");
	const own = words.slice(0, end < 0 ? words.length : end);
	const last = own.findLast((word) => word === `--${name}` || word.startsWith(`--${name}=`));
	if (last !== undefined) return last !== `--${name}=false`;
	return SWITCH.get((env[variableOf(name)] ?? "").toLowerCase()) === true;
}

/** Says of each variable that looks like one of an option, and is of none, what was probably meant. */
export function strangeVariables(env: Environment, tables: readonly OptionTable[]): string[] {
	const known = new Set(tables.flatMap((options) => Object.keys(options).map(variableOf)));
	const strange = Object.keys(env).filter(
		(name) =>
			name.startsWith(PREFIX) &&
			!name.startsWith(FOR_TESTS) &&
			!OTHERS.has(name) &&
			!known.has(name) &&
			!isServiceLink(name, env),
	);
	return strange.sort().map((name) => {
		const nearest = nearestOf(
			name.slice(PREFIX.length),
			[...known].map((one) => one.slice(PREFIX.length)),
		);
		return `no option has the variable ${name}${nearest === undefined ? "" : `; did you mean ${PREFIX}${nearest}?`}`;
	});
}

/** A message about options, with the variables in place of those that come from them; but for a command line at its end, to be typed. */
export function namingVariables(message: string, fromVariables: readonly string[]): string {
	const [said = "", typed = ""] = message.split(/(?=\bzipferry [a-z].*$)/s);
	const named = fromVariables.reduce(
		(text, name) => text.replace(new RegExp(`(?<![\\w-])--${name}(?![\\w-])`, "g"), variableOf(name)),
		said,
	);
	return named + typed;
}

function readVariable(variable: string, option: Option, text: string): readonly string[] {
	if (text.trim() === "") throw new InvalidOptionError(`${variable} is empty; give it a value, or unset it`);
	if (text.includes("\ufffd")) throw new InvalidOptionError(`${variable} is not UTF-8`);
	if (mayRepeat(option)) return text.split(/\r?\n/).filter((line) => line !== "");
	if (option.kind !== "flag") return [text];
	const on = SWITCH.get(text.toLowerCase());
	if (on !== undefined) return [String(on)];
	throw new InvalidOptionError(
		`${variable} is 1, true, yes or on, or 0, false, no or off, not ${JSON.stringify(text)}`,
	);
}

function isGiven(name: string, { kind, alias }: Option, words: readonly string[]): boolean {
	const end = words.indexOf("--");
	const forms = [`--${name}`, ...(kind === "flag" ? [`--${negationOf(name)}`] : [])];
	return words.slice(0, end < 0 ? words.length : end).some((word) => {
		if (forms.some((form) => word === form || word.startsWith(`${form}=`))) return true;
		return alias !== undefined && /^-[a-z]+/i.exec(word)?.[0].includes(alias) === true;
	});
}
