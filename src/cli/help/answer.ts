import type { Request } from "../arguments/request.ts";
import type { Command } from "../commands/command.ts";
import type { Io } from "../terminal/io.ts";
import { VERSION } from "../version.ts";
import { helpColumns } from "./columns.ts";
import { describeCommand, describeCommandInShort } from "./command-help.ts";
import { describeFamily, describeProgram } from "./program-help.ts";

/** What answers `--help` and `--version`. */
export function answer(
	request: Exclude<Request, { readonly kind: "run" }>,
	commands: readonly Command[],
	{ stderr }: Pick<Io, "stderr">,
): string {
	if (request.kind === "version") return VERSION;
	const columns = helpColumns(stderr);
	if (request.kind === "family") return describeFamily(request.family, columns);
	const { command, full } = request;
	if (command === undefined) return describeProgram(commands, columns);
	return full ? describeCommand(command, columns) : describeCommandInShort(command, columns);
}
