import type { Command } from "../commands/command.ts";
import { usageOf } from "../commands/operands.ts";
import { exitCodeRows } from "../exit-codes.ts";
import { commandGroups, PROGRAM } from "../help/program-help.ts";
import { VARIABLE_RULES } from "../help/topics.ts";
import { VERSION } from "../version.ts";
import { exitStatus, pageName, seeAlso } from "./command-page.ts";
import {
	bold,
	exampleSection,
	italic,
	pageTitle,
	paragraphs,
	prose,
	section,
	subsection,
	tagged,
} from "./roff.ts";

/** The page `zipferry.1`: what there is, and what holds for every command. */
export function programPage(commands: readonly Command[]): string {
	const groups = commandGroups(commands).map((group) =>
		subsection(
			group.title,
			...group.commands.map(({ name, operands, summary }) =>
				tagged([bold(name), italic(usageOf(operands))].join(" ").trimEnd(), prose(`${summary}.`)),
			),
		),
	);
	const examples = commandGroups(commands).flatMap((group) => group.commands[0]?.examples.slice(0, 1) ?? []);
	return [
		pageTitle("zipferry", VERSION),
		section("NAME", "zipferry \\- streams ZIP archives into S3\\-compatible buckets"),
		section("SYNOPSIS", `${bold("zipferry")} ${italic("command")} [options]`),
		section(
			"DESCRIPTION",
			paragraphs([prose(PROGRAM), prose("Each command has a page of its own, such as zipferry-upload(1).")]),
		),
		section("COMMANDS", ...groups),
		section("ENVIRONMENT", paragraphs(VARIABLE_RULES.map(prose))),
		exitStatus(exitCodeRows()),
		exampleSection(examples),
		seeAlso(commands.map(pageName)),
	]
		.join("\n")
		.concat("\n");
}
