import { COMMANDS } from "../../src/cli/commands/all-commands.ts";
import type { Option } from "../../src/cli/options/option.ts";
import { defaultWord, valueWord } from "../../src/cli/options/option-words.ts";

const INTRODUCTION = `# Options of the command

Made from the records of the options by \`npm run api-report\`. \`zipferry COMMAND --help\` shows those of a command.`;

interface ListedOption {
	readonly name: string;
	readonly option: Option;
	readonly commands: string[];
}

/** The page `docs/options.md`: every option of every command, by the groups of the help. */
export function renderOptions(): string {
	const listed: ListedOption[] = [];
	for (const command of COMMANDS) {
		for (const [name, option] of Object.entries(command.options)) {
			const same = listed.find((one) => one.name === name && one.option.describe === option.describe);
			if (same === undefined) listed.push({ name, option, commands: [command.name] });
			else same.commands.push(command.name);
		}
	}
	const groups = [...new Set(listed.map(({ option }) => option.group))];
	const sections = groups.map((group) => {
		const rows = listed.filter(({ option }) => option.group === group).map(renderRow);
		return [`## ${group}`, ["| option | meaning | of |", "|---|---|---|", ...rows].join("\n")].join("\n\n");
	});
	return [INTRODUCTION, ...sections].join("\n\n").concat("\n");
}

function renderRow({ name, option, commands }: ListedOption): string {
	const { alias, describe } = option;
	const value = option.kind === "choice" ? option.choices.join("|") : valueWord({ name, option });
	const byDefault = defaultWord(option);
	const short = alias === undefined ? "" : `\`-${alias}\`, `;
	const cells = [
		`${short}\`--${name}${value === undefined ? "" : ` ${value}`}\``,
		`${describe}${byDefault === undefined ? "" : `; default: ${byDefault}`}`,
		commands.join(", "),
	];
	return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |`;
}
