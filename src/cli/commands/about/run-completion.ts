import { InvalidOptionError } from "../../../errors.ts";
import { bashScript } from "../../completion/bash.ts";
import { fishScript } from "../../completion/fish.ts";
import { SHELLS, type Shell } from "../../completion/shells.ts";
import { zshScript } from "../../completion/zsh.ts";
import { EXIT } from "../../exit-codes.ts";
import type { Io } from "../../terminal/io.ts";
import type { Command } from "../command.ts";

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Command[]) => string>> = {
	bash: bashScript,
	zsh: zshScript,
	fish: fishScript,
};

export async function runCompletion(
	name: string,
	commands: readonly Command[],
	{ stdout }: Io,
): Promise<number> {
	const shell = SHELLS.find((known) => known === name);
	if (shell === undefined)
		throw new InvalidOptionError(
			`there is completion for ${SHELLS.join(", ")}, not for ${JSON.stringify(name)}`,
		);
	await stdout.print(SCRIPTS[shell](commands));
	return EXIT.ok;
}
