import { formatDuration } from "../../options/duration.ts";
import { formatSize } from "../../options/size.ts";
import type { Option, OptionTable } from "./option.ts";

/** One option of a command, with its name. */
export interface NamedOption {
	readonly name: string;
	readonly option: Option;
}

/** A group of options under its title. */
export interface OptionSection {
	readonly title: string;
	readonly options: readonly NamedOption[];
}

/** What stands for the value of an option: `--part-size SIZE`; none for a flag. */
export function valueWord({ name, option }: NamedOption): string | undefined {
	switch (option.kind) {
		case "flag":
			return undefined;
		case "size":
			return "SIZE";
		case "duration":
			return "TIME";
		case "share":
			return "SHARE";
		case "date":
			return "DATE";
		case "bandwidth":
			return "RATE";
		case "number":
			return "N";
		case "pairs":
			return "KEY=VALUE";
		default:
			return option.value ?? name.split("-").at(-1)?.toUpperCase();
	}
}

/** What an option does, which values it can have, and which it has by default. */
export function describeOption(option: Option): string {
	const choices = option.kind === "choice" ? [option.choices.join(", ")] : [];
	const fallback = defaultWord(option);
	const facts = [...choices, ...(fallback === undefined ? [] : [`default: ${fallback}`])];
	return facts.length === 0 ? option.describe : `${option.describe} (${facts.join("; ")})`;
}

/** The options of a command: those that most people need first, the others by their groups. */
export function optionSections(options: OptionTable, common: readonly string[] = []): OptionSection[] {
	const named = Object.entries(options).map(([name, option]) => ({ name, option }));
	const first = common.flatMap((wanted) => named.filter(({ name }) => name === wanted));
	const rest = named.filter((one) => !first.includes(one));
	const groups = [...new Set(rest.map(({ option }) => option.group))];
	const sections = groups.map((title) => ({
		title,
		options: rest.filter(({ option }) => option.group === title),
	}));
	return first.length === 0 ? sections : [{ title: "Common options", options: first }, ...sections];
}

/** The default of an option as it would be typed, if it has one. */
export function defaultWord(option: Option): string | undefined {
	if (!("default" in option) || option.default === undefined) return undefined;
	if (option.kind === "duration") return formatDuration(option.default);
	if (option.kind === "share") return `${100 * option.default}%`;
	return option.kind === "size" ? formatSize(option.default) : String(option.default);
}
