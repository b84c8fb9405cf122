import { type Command, defineCommand } from "../command.ts";
import { SECOND_WORD } from "./second-word.ts";

/** @param commands - Gives all commands, which this one is among. */
export function man(commands: () => readonly Command[]): Command {
	return defineCommand({
		name: "man",
		group: "about",
		summary: "Print the manual page of a command",
		description:
			"Without a command, that of zipferry. An installation with npm install --global puts all pages where man zipferry-upload finds them.",
		operands: {
			command: { shown: "[command]", optional: true, completes: "commands" },
			second: SECOND_WORD,
		},
		options: {},
		examples: [
			["zipferry man upload | man -l -", "read it, on Linux"],
			["zipferry man upload > zipferry-upload.1", "keep it"],
		],
		success: "printed",
		exitCodes: [],
		run: async ({ operands }, io) => (await import("./run-man.ts")).runMan(operands, commands(), io),
	});
}
