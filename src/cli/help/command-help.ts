import type { Command } from "../commands/command.ts";
import { usageOf } from "../commands/operands.ts";
import { variableOf } from "../environment/variables.ts";
import { exitCodeRows } from "../exit-codes.ts";
import { HELP_OPTIONS } from "../options/help-options.ts";
import {
	describeOption,
	type NamedOption,
	type OptionSection,
	optionSections,
	valueWord,
} from "../options/option-words.ts";
import { paragraph, shellLine, twoColumns, wrap } from "./layout.ts";

/** Examples in a short help. */
const FEW = 2;

/** All there is to know about a command: `zipferry upload --help`. */
export function describeCommand(command: Command, columns: number): string {
	const { options, common, examples, exitCodes, success, endsOnSignal } = command;
	const sections = [...optionSections(options, common), ...optionSections(HELP_OPTIONS)];
	return [
		...describeStart(command, columns),
		...sections.map((section) => describeSection(section, columns)),
		...describeVariables(command, columns),
		describeExamples(examples, columns),
		`Exit codes:\n${twoColumns(exitCodeRows(exitCodes, success, endsOnSignal), columns)}`,
	].join("\n\n");
}

/** What most people need to know about a command: `zipferry upload -h`. */
export function describeCommandInShort(command: Command, columns: number): string {
	const { name, options, common = [], examples } = command;
	const [first, ...others] = optionSections(options, common);
	const shown = common.length === 0 ? [first, ...others].filter((one) => one !== undefined) : [first];
	const count = Object.keys(options).length;
	const more = [
		...(common.length > 0 && count > common.length ? [`all ${count} options`] : []),
		...(examples.length > FEW ? ["more examples"] : []),
		"the exit codes",
	];
	return [
		...describeStart(command, columns),
		...shown.flatMap((section) => (section === undefined ? [] : [describeSection(section, columns)])),
		describeExamples(examples.slice(0, FEW), columns),
		paragraph(`zipferry ${name} --help shows ${more.join(", ").replace(/, (?=[^,]*$)/, " and ")}.`, columns),
	].join("\n\n");
}

/** `-q, --quiet`, `    --part-size SIZE` */
function optionSyntax(named: NamedOption): string {
	const { name, option } = named;
	const value = valueWord(named);
	const letter = option.alias === undefined ? "    " : `-${option.alias}, `;
	return `${letter}--${name}${value === undefined ? "" : ` ${value}`}`;
}

function describeStart(
	{ name, operands, options, summary, description }: Command,
	columns: number,
): string[] {
	const some = Object.keys(options).length > 0 ? ["[options]"] : [];
	const usage = ["zipferry", name, ...some, usageOf(operands)].join(" ").trimEnd();
	const text = `${summary}. ${description}`;
	return [wrap(usage, columns - 4).join("\n    "), paragraph(text, columns)];
}

export function describeSection({ title, options }: OptionSection, columns: number): string {
	const rows = options.map((named) => [optionSyntax(named), describeOption(named.option)] as const);
	return `${title}:\n${twoColumns(rows, columns)}`;
}

function describeVariables({ options, common }: Command, columns: number): string[] {
	const sample = [...(common ?? []), ...Object.keys(options)].find((name) => options[name]?.kind !== "flag");
	if (sample === undefined) return [];
	const rule = `Every option has a variable: ${variableOf(sample)} stands for --${sample}. The command line comes first. See zipferry help environment.`;
	return [
		`Environment:\n${wrap(rule, columns - 2)
			.map((line) => `  ${line}`)
			.join("\n")}`,
	];
}

/** What a line does stands above it, so that both have room. */
function describeExamples(examples: readonly Command["examples"][0][], columns: number): string {
	const blocks = examples.map(([line, what]) => {
		const lines = wrap(what, columns - 4).map((part) => `  # ${part}`);
		return [...lines, shellLine(line, columns)].join("\n");
	});
	return `Examples:\n${blocks.join("\n\n")}`;
}
