import { COMMAND_GROUPS, type Command } from "../commands/command.ts";
import type { Family } from "../commands/families.ts";
import { HELP_OPTIONS } from "../options/help-options.ts";
import { optionSections } from "../options/option-words.ts";
import { describeSection } from "./command-help.ts";
import { paragraph, shellLine, twoColumns } from "./layout.ts";
import { TOPICS } from "./topics.ts";

export const PROGRAM = "Archives files on the fly and streams them into a bucket: complete or nothing.";

const GROUP_TITLES: Readonly<Record<Command["group"], string>> = {
	write: "Make archives",
	read: "Read archives",
	backup: "Run backups",
	storage: "Maintain a bucket",
	workers: "Share the work",
	about: "Learn more",
};

/** The commands of each group that has any. */
export function commandGroups(
	commands: readonly Command[],
): readonly { readonly title: string; readonly commands: readonly Command[] }[] {
	return COMMAND_GROUPS.map((group) => ({
		title: GROUP_TITLES[group],
		commands: commands.filter((command) => command.group === group),
	})).filter(({ commands: { length } }) => length > 0);
}

/** The help of commands that begin with the same word. */
export function describeFamily({ name, summary, commands }: Family, columns: number): string {
	const [first] = commands;
	const rows = commands.map((command) => [command.name, command.summary] as const);
	return [
		`zipferry ${name} <command> [options]`,
		paragraph(summary, columns),
		`Commands:\n${twoColumns(rows, columns)}`,
		`Examples:\n${commands.map(({ examples: [[line]] }) => shellLine(line, columns)).join("\n")}`,
		...optionSections(HELP_OPTIONS).map((section) => describeSection(section, columns)),
		paragraph(`zipferry ${first?.name} --help shows all of a command.`, columns),
	].join("\n\n");
}

/** The help of the program: all commands in their groups, with an example of each group. */
export function describeProgram(commands: readonly Command[], columns: number): string {
	const width = Math.max(...commands.map(({ name }) => name.length));
	const groups = commandGroups(commands).map((group) => {
		const rows = group.commands.map(({ name, summary }) => [name.padEnd(width), summary] as const);
		const [example] = group.commands[0]?.examples[0] ?? [];
		const sample = example === undefined ? [] : ["", shellLine(example, columns)];
		return [`${group.title}:`, twoColumns(rows, columns), ...sample].join("\n");
	});
	const topics = Object.entries(TOPICS).map(
		([name, { summary }]) => [`zipferry help ${name}`, summary] as const,
	);
	const [some = ""] = commands.map(({ name }) => name);
	return [
		"zipferry <command> [options]",
		paragraph(PROGRAM, columns),
		...groups,
		...optionSections(HELP_OPTIONS).map((section) => describeSection(section, columns)),
		`Read more:\n${twoColumns(
			[
				[`zipferry ${some} -h`, "What most people need of a command"],
				[`zipferry help ${some}`, "All its options, examples and exit codes"],
				...topics,
			],
			columns,
		)}`,
	].join("\n\n");
}
