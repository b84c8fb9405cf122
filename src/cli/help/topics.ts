import type { Command } from "../commands/command.ts";
import { variableOf } from "../environment/variables.ts";
import { exitCodeRows } from "../exit-codes.ts";
import { paragraph, twoColumns } from "./layout.ts";

interface Topic {
	readonly summary: string;
	describe(commands: readonly Command[], columns: number): string;
}

/** How variables become options, a paragraph each; the help and the manual say it alike. */
export const VARIABLE_RULES: readonly string[] = [
	"Every option has an environment variable: ZIPFERRY_ and its name in capitals, with _ for -. ZIPFERRY_PART_SIZE=16M stands for --part-size 16M.",
	"An option on the command line comes before its variable, and the variable before variables of others, such as AWS_REGION, and before the default. A command ignores the variables of options that it does not have, and warns of those that are of no option at all.",
	"A flag is on with 1, true, yes or on, and off with 0, false, no or off. An option that may be repeated takes one value a line. A variable that is set must not be empty. No option holds a secret: credentials come from AWS_ACCESS_KEY_ID and the other places where AWS tools look.",
];

/** What `zipferry help` can tell besides commands. */
export const TOPICS: Readonly<Record<string, Topic>> = {
	environment: {
		summary: "Variables for options",
		describe(commands, columns) {
			const names = [...new Set(commands.flatMap(({ options }) => Object.keys(options)))].sort();
			const rows = names.map((name) => [variableOf(name), `--${name}`] as const);
			const rules = VARIABLE_RULES.map((rule) => paragraph(rule, columns));
			return [...rules, `Variables:\n${twoColumns(rows, columns)}`].join("\n\n");
		},
	},
	"exit-codes": {
		summary: "What exit codes mean",
		describe: (_commands, columns) => `Exit codes:\n${twoColumns(exitCodeRows(), columns)}`,
	},
};
