import { InvalidOptionError } from "../../errors.ts";
import type { OptionTable } from "../options/option.ts";
import { shellWord } from "../terminal/shell-word.ts";

/** Refuses bytes that are no UTF-8, which would name another file or key. @throws {InvalidOptionError} */
export function checkEncoding(args: readonly string[]): void {
	const broken = args.find((word) => word.includes("\ufffd"));
	if (broken !== undefined)
		throw new InvalidOptionError(
			`the argument "${broken}" is not UTF-8; name its directory, and pick the file with --include`,
		);
}

/**
 * Refuses what the parser would take for something else: a value of a flag, which counts as "no" to it, so
 * that `--no-clobber=yes` would overwrite; no value, which counts as an option that was not given; and a value
 * that begins with a dash, which counts as an option.
 *
 * @throws {InvalidOptionError}
 */
export function checkArguments(args: readonly string[], options: OptionTable): void {
	for (const [index, word] of args.entries()) {
		if (word === "--") return;
		const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
		const kind = Object.hasOwn(options, name) ? options[name]?.kind : undefined;
		if (kind === undefined) continue;
		const next = args[index + 1] ?? "-";
		if (kind !== "flag" && (value ?? next) === "")
			throw new InvalidOptionError(`--${name} is empty; is a variable unset?`);
		if (kind !== "flag" && value === undefined && looksLikeOption(next, options))
			throw new InvalidOptionError(
				`--${name} needs a value; one that begins with a dash goes behind "=": --${name}=${shellWord(next)}`,
			);
		if (kind === "flag" && value !== undefined && !/^(true|false)$/.test(value))
			throw new InvalidOptionError(`--${name} takes no value, or true or false, not "${value}"`);
	}
}

/** Whether the parser takes a word for an option that is none. */
function looksLikeOption(word: string, options: OptionTable): boolean {
	const [, dashes, name = ""] = /^(--?)([^\d.][^=]*)/s.exec(word) ?? [];
	if (dashes === undefined || /^(--|-h|--help|--version)$/.test(word)) return false;
	if (dashes === "--") return !Object.hasOwn(options, name);
	return !Object.values(options).some(({ alias }) => alias === name[0]);
}
