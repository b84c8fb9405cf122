import { InvalidOptionError } from "../../errors.ts";
import type { OptionTable } from "../options/option.ts";

/** The opposite of a flag: `no-path-style` of `path-style`, and `clobber` of `no-clobber`. */
export function negationOf(flag: string): string {
	return flag.startsWith("no-") ? flag.slice("no-".length) : `no-${flag}`;
}

/**
 * The words of a command line in forms that the parser understands:
 *
 * - `--path-style=false` for `--no-path-style`: every flag has its opposite, which undoes what an alias of the shell,
 *   or a variable, says.
 * - `--exclude-from=-` for `--exclude-from -`, which it would take for an operand.
 *
 * @throws {InvalidOptionError} for a value of an opposite
 */
export function plainWords(words: readonly string[], options: OptionTable): string[] {
	const flags = Object.keys(options).filter((name) => options[name]?.kind === "flag");
	const negations = new Map(flags.map((flag) => [negationOf(flag), flag]));
	const plain: string[] = [];
	for (const [index, word] of words.entries()) {
		if (word === "--") return [...plain, ...words.slice(index)];
		const [, name = "", value] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
		const flag = Object.hasOwn(options, name) ? undefined : negations.get(name);
		if (flag !== undefined && value !== undefined) throw new InvalidOptionError(`--${name} takes no value`);
		if (flag !== undefined) plain.push(`--${flag}=false`);
		else if (word === "-" && takesValue(plain.at(-1) ?? "", options)) plain.push(`${plain.pop()}=-`);
		else plain.push(word);
	}
	return plain;
}

/** Whether the word is an option that its value has to follow. */
function takesValue(word: string, options: OptionTable): boolean {
	const name = word.slice("--".length);
	return word.startsWith("--") && Object.hasOwn(options, name) && options[name]?.kind !== "flag";
}
