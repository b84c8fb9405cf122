import { findCommand } from "../../arguments/request.ts";
import { EXIT } from "../../exit-codes.ts";
import { commandPage } from "../../manual/command-page.ts";
import { programPage } from "../../manual/program-page.ts";
import type { Io } from "../../terminal/io.ts";
import type { Command } from "../command.ts";

export async function runMan(
	name: string | undefined,
	commands: readonly Command[],
	{ stdout }: Io,
): Promise<number> {
	await stdout.print(
		name === undefined ? programPage(commands) : commandPage(findCommand(name, commands), commands),
	);
	return EXIT.ok;
}
