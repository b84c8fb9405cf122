import type { Command } from "../commands/command.ts";
import { variableOf } from "../environment/variables.ts";
import { exitCodeRows } from "../exit-codes.ts";
import { VARIABLE_RULES } from "../help/topics.ts";
import { HELP_OPTIONS } from "../options/help-options.ts";
import { describeOption, type NamedOption, optionSections, valueWord } from "../options/option-words.ts";
import { VERSION } from "../version.ts";
import {
	bold,
	exampleSection,
	italic,
	pageTitle,
	paragraphs,
	prose,
	roff,
	section,
	subsection,
	tagged,
} from "./roff.ts";

/** The page `zipferry-upload.1` of a command. */
export function commandPage(command: Command, commands: readonly Command[]): string {
	const {
		name,
		summary,
		description,
		operands,
		options,
		common,
		examples,
		exitCodes,
		success,
		endsOnSignal,
	} = command;
	const page = pageName(command);
	const some = Object.keys(options).length > 0;
	const shown = Object.values(operands).map((operand) => italic(operand.shown));
	const synopsis = [bold("zipferry"), bold(name), ...(some ? ["[options]"] : []), ...shown].join(" ");
	const groups = [...optionSections(options, common), ...optionSections(HELP_OPTIONS)].map((group) =>
		subsection(group.title, ...group.options.map((one) => describe(one, one.name in options))),
	);
	const others = commands.filter((other) => other.group === command.group && other !== command);
	return [
		pageTitle(page, VERSION),
		section("NAME", `${roff(page)} \\- ${roff(summary)}`),
		section("SYNOPSIS", synopsis),
		section("DESCRIPTION", prose(description)),
		section("OPTIONS", ...groups),
		...(some ? [section("ENVIRONMENT", paragraphs(VARIABLE_RULES.map(prose)))] : []),
		exitStatus(exitCodeRows(exitCodes, success, endsOnSignal)),
		exampleSection(examples),
		seeAlso(["zipferry", ...others.map(pageName)]),
	]
		.join("\n")
		.concat("\n");
}

/** `zipferry-upload` */
export function pageName({ name }: Pick<Command, "name">): string {
	return `zipferry-${name.replaceAll(" ", "-")}`;
}

export function exitStatus(rows: ReturnType<typeof exitCodeRows>): string {
	return section("EXIT STATUS", ...rows.map(([code, meaning]) => tagged(bold(code), prose(meaning))));
}

export function seeAlso(pages: readonly string[]): string {
	return section("SEE ALSO", pages.map((page) => `${bold(page)}(1)`).join(",\n"));
}

function describe(named: NamedOption, hasVariable: boolean): string {
	const { name, option } = named;
	const value = valueWord(named);
	const letter = option.alias === undefined ? [] : [bold(`-${option.alias}`)];
	const syntax = [...letter, bold(`--${name}`)].join(", ");
	const variable = hasVariable ? [".br", `Variable: ${bold(variableOf(name))}`] : [];
	return tagged(
		value === undefined ? syntax : `${syntax} ${italic(value)}`,
		prose(`${describeOption(option)}.`),
		...variable,
	);
}
