import { COMMAND_GROUPS, type Command } from "../commands/command.ts";
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
