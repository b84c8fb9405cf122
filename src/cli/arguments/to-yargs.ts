import type { Options as YargsOptions } from "yargs";
import type { Option } from "../options/option.ts";
import { formatDuration } from "./parse.ts";

/** Whether an option is a list, of which each use adds something. */
export function mayRepeat({ kind }: Option): boolean {
	return kind === "list" || kind === "pairs";
}

/** An option in the words of yargs. */
export function toYargs(option: Option): YargsOptions {
	const { kind, group, describe, alias } = option;
	const common = { group: `${group}:`, describe, ...(alias === undefined ? {} : { alias }) };
	const fallback = "default" in option ? { default: option.default } : {};
	switch (kind) {
		case "flag":
			return { ...common, type: "boolean" };
		case "choice":
			return { ...common, ...fallback, choices: option.choices, requiresArg: true };
		case "duration":
			return {
				...common,
				type: "string",
				requiresArg: true,
				...(option.default === undefined ? {} : { default: formatDuration(option.default) }),
			};
		case "number":
			return { ...common, ...fallback, type: "number", requiresArg: true };
		default:
			return { ...common, type: "string", array: mayRepeat(option), requiresArg: true };
	}
}
