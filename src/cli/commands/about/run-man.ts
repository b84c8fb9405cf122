import { InvalidOptionError } from "../../../errors.ts";
import { findCommand } from "../../arguments/request.ts";
import { EXIT } from "../../exit-codes.ts";
import { commandPage } from "../../manual/command-page.ts";
import { programPage } from "../../manual/program-page.ts";
import type { Io } from "../../terminal/io.ts";
import type { Command } from "../command.ts";
import { familyOf } from "../families.ts";
import { commandName } from "./second-word.ts";

export async function runMan(
	{ command, second }: { readonly command?: string | undefined; readonly second?: string | undefined },
	commands: readonly Command[],
	{ stdout }: Io,
): Promise<number> {
	const name = commandName(command, second);
	const family = name === undefined ? undefined : familyOf(name, commands);
	if (family !== undefined) {
		const names = family.commands.map((member) => member.name).join(", ");
		throw new InvalidOptionError(`each of these has a manual page of its own: ${names}`);
	}
	await stdout.print(
		name === undefined ? programPage(commands) : commandPage(findCommand(name, commands), commands),
	);
	return EXIT.ok;
}
