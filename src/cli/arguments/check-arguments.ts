import type { Options } from "yargs";
import { InvalidOptionError } from "../../errors.ts";

/**
 * Refuses what the parser would take for something else: a value of a flag, which counts as "no" to it, so
 * that `--no-clobber=yes` would overwrite; no value, which counts as an option that was not given, or as 0;
 * and bytes that are no UTF-8, which name another file or key.
 *
 * @throws {InvalidOptionError}
 */
export function checkArguments(
	args: readonly string[],
	tables: readonly Readonly<Record<string, Options>>[],
): void {
	const broken = args.find((word) => word.includes("\ufffd"));
	if (broken !== undefined)
		throw new InvalidOptionError(
			`the argument "${broken}" is not UTF-8; name the directory it is in, and --include what is meant`,
		);
	const namesWhere = (isWanted: (option: Options | undefined) => boolean) =>
		new Set(tables.flatMap((table) => Object.keys(table).filter((name) => isWanted(table[name]))));
	const flags = namesWhere((option) => option?.type === "boolean");
	const settings = namesWhere((option) => option?.type !== "boolean");
	for (const [index, word] of args.entries()) {
		if (word === "--") return;
		const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
		if (settings.has(name) && (value ?? args[index + 1]) === "")
			throw new InvalidOptionError(`--${name} is empty; is a variable unset?`);
		if (value !== undefined && flags.has(name) && !/^(true|false)$/.test(value))
			throw new InvalidOptionError(`--${name} takes no value, or true or false, not "${value}"`);
	}
}
