import type { Options as YargsOptions } from "yargs";
import type { Option } from "../options/option.ts";

/** Whether an option is a list, of which each use adds something. */
export function mayRepeat({ kind }: Option): boolean {
	return kind === "list" || kind === "pairs";
}

/** An option in the words of yargs: values stay the text that was typed, and what was not given stays away. */
export function toYargs(option: Option): YargsOptions {
	const { kind, group, describe, alias } = option;
	const common = { group: `${group}:`, describe, ...(alias === undefined ? {} : { alias }) };
	if (kind === "flag") return { ...common, type: "boolean" };
	return { ...common, type: "string", array: mayRepeat(option), requiresArg: true };
}
