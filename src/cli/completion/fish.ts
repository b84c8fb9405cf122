import type { Command } from "../commands/command.ts";
import { familySummary, firstWords, wordsOf } from "../commands/families.ts";
import { type CompletedOption, completedOperands, completedOptions } from "./completed-words.ts";

/** Completion for fish. */
export function fishScript(commands: readonly Command[]): string {
	const described = firstWords(commands).map((word) => {
		const summary = commands.find(({ name }) => name === word)?.summary ?? familySummary(word, commands);
		return `complete -c zipferry -n '__zipferry_at 0' -a ${word} -d ${quoted(summary)}`;
	});
	const seconds = commands.flatMap(({ name, summary }) => {
		const [first, second] = wordsOf(name);
		if (second === undefined) return [];
		const here = `__zipferry_is ${first}; and __zipferry_at 1`;
		return [`complete -c zipferry -n ${quoted(here)} -a ${second} -d ${quoted(summary)}`];
	});
	return `# Completion of zipferry for fish, printed by: zipferry completion fish

# Whether the command is one of these.
function __zipferry_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; or return 1
    contains -- $words[2] $argv; and return
    test (count $words) -gt 2; and contains -- "$words[2] $words[3]" $argv
end

# Whether so many words that are no options stand before the cursor.
function __zipferry_at
    set -l words (commandline -opc | string match --invert -- '-?*')
    test (count $words) -eq (math $argv[1] + 1)
end

complete -c zipferry -f

${[...described, ...seconds].join("\n")}

${operandLines(commands).join("\n")}

${optionLines(commands).join("\n")}
`;
}

function operandLines(commands: readonly Command[]): string[] {
	return commands
		.flatMap((command) => {
			const { places, many } = completedOperands(command, commands);
			return places.flatMap(({ completes }, place) => {
				if (completes.length === 0) return [];
				const is = `__zipferry_is ${nameWord(command.name)}`;
				const here = many ? is : `${is}; and __zipferry_at ${place + wordsOf(command.name).length}`;
				const words = completes === "files" ? "-F" : `-a ${quoted(completes.join(" "))}`;
				return [`complete -c zipferry -n ${quoted(here)} ${words}`];
			});
		})
		.filter((line, index, all) => all.indexOf(line) === index);
}

/** Options that several commands have alike share a line. */
function optionLines(commands: readonly Command[]): string[] {
	const owners = new Map<string, string[]>();
	for (const command of commands)
		for (const option of completedOptions(command)) {
			const line = optionLine(option);
			owners.set(line, [...(owners.get(line) ?? []), command.name]);
		}
	return [...owners].map(([line, names]) => {
		const all = names.length === commands.length;
		return `complete -c zipferry${all ? "" : ` -n ${quoted(`__zipferry_is ${names.map(nameWord).join(" ")}`)}`} ${line}`;
	});
}

function nameWord(name: string): string {
	return name.includes(" ") ? `"${name}"` : name;
}

function optionLine({ name, letter, describe, value, completes }: CompletedOption): string {
	const words = [`-l ${name}`, ...(letter === undefined ? [] : [`-s ${letter}`])];
	if (value !== undefined) words.push(completes === "files" ? "-r -F" : "-x");
	if (completes !== "files" && completes.length > 0) words.push(`-a ${quoted(completes.join(" "))}`);
	return [...words, `-d ${quoted(describe)}`].join(" ");
}

function quoted(text: string): string {
	return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
