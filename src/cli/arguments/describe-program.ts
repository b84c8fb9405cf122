import { COMMAND_GROUPS, type Command } from "../commands/command.ts";
import { usageOf } from "../commands/operands.ts";
import { describeExitCodes } from "../exit-codes.ts";

const TITLES: Readonly<Record<Command["group"], string>> = {
	write: "Make archives",
	read: "Read archives",
	backup: "Run backups",
	storage: "Maintain a bucket",
	workers: "Share the work",
};

/** The help of the program: all commands, in their groups. */
export function describeProgram(commands: readonly Command[]): string {
	const usages = new Map(
		commands.map((command) => [command, `${command.name} ${usageOf(command.operands)}`]),
	);
	const width = Math.max(...[...usages.values()].map(({ length }) => length));
	const groups = COMMAND_GROUPS.flatMap((group) => {
		const lines = commands
			.filter((command) => command.group === group)
			.map((command) => `  ${usages.get(command)?.padEnd(width)}  ${command.summary}`);
		return lines.length === 0 ? [] : [[`${TITLES[group]}:`, ...lines].join("\n")];
	});
	return [
		"zipferry <command> [options]",
		"Archives files on the fly and streams them into a bucket: complete or nothing.",
		...groups,
		`Options:\n  ${"-h, --help".padEnd(width)}  Show this help, or that of a command\n  ${"--version".padEnd(width)}  Show the version`,
		describeExitCodes(),
	].join("\n\n");
}
