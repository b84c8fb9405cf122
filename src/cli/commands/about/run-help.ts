import { findCommand } from "../../arguments/request.ts";
import { EXIT } from "../../exit-codes.ts";
import { helpColumns } from "../../help/columns.ts";
import { describeCommand } from "../../help/command-help.ts";
import { describeFamily, describeProgram } from "../../help/program-help.ts";
import { TOPICS } from "../../help/topics.ts";
import type { Io } from "../../terminal/io.ts";
import type { Command } from "../command.ts";
import { familyOf } from "../families.ts";
import { commandName } from "./second-word.ts";

export async function runHelp(
	{ topic, second }: { readonly topic?: string | undefined; readonly second?: string | undefined },
	commands: readonly Command[],
	{ stdout, stderr }: Io,
): Promise<number> {
	await stdout.print(`${describe(commandName(topic, second), commands, helpColumns(stderr))}\n`);
	return EXIT.ok;
}

function describe(topic: string | undefined, commands: readonly Command[], columns: number): string {
	if (topic === undefined) return describeProgram(commands, columns);
	if (Object.hasOwn(TOPICS, topic)) return TOPICS[topic]?.describe(commands, columns) ?? "";
	const family = familyOf(topic, commands);
	if (family !== undefined) return describeFamily(family, columns);
	return describeCommand(findCommand(topic, commands, Object.keys(TOPICS)), columns);
}
