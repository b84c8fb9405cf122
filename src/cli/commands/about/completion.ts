import { SHELLS } from "../../completion/shells.ts";
import { type Command, defineCommand } from "../command.ts";

/** @param commands - Gives all commands, which this one is among. */
export function completion(commands: () => readonly Command[]): Command {
	return defineCommand({
		name: "completion",
		group: "about",
		summary: "Print a script that completes commands in a shell",
		description:
			"The script knows commands, options, their values and files. It never starts zipferry or asks a storage. Make it again when zipferry is updated.",
		operands: { shell: { shown: `<${SHELLS.join("|")}>`, completes: SHELLS } },
		options: {},
		examples: [
			["source <(zipferry completion bash)", "bash and zsh, in ~/.bashrc or ~/.zshrc"],
			[
				"zipferry completion bash > ~/.local/share/bash-completion/completions/zipferry",
				"bash, read when it is needed",
			],
			["zipferry completion zsh > ~/.zfunc/_zipferry", "zsh, in a folder of $fpath"],
			["zipferry completion fish > ~/.config/fish/completions/zipferry.fish", "fish"],
		],
		success: "printed",
		exitCodes: [],
		run: async ({ operands }, io) =>
			(await import("./run-completion.ts")).runCompletion(operands.shell, commands(), io),
	});
}
