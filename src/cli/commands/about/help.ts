import { type Command, defineCommand } from "../command.ts";
import { SECOND_WORD } from "./second-word.ts";

/** @param commands - Gives all commands, which this one is among. */
export function help(commands: () => readonly Command[]): Command {
	return defineCommand({
		name: "help",
		group: "about",
		summary: "Show the help of a command",
		description: "It is the one that zipferry <command> --help shows. Without a command it is an overview.",
		operands: {
			topic: { shown: "[command]", optional: true, completes: "topics" },
			second: SECOND_WORD,
		},
		options: {},
		examples: [
			["zipferry help upload", "everything about upload"],
			["zipferry help shards", "the commands that begin with shards"],
			["zipferry help environment", "the environment variables for options"],
			["zipferry help exit-codes", "all exit codes"],
		],
		success: "shown",
		exitCodes: [],
		run: async ({ operands }, io) => (await import("./run-help.ts")).runHelp(operands, commands(), io),
	});
}
