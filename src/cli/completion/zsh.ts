import type { Command } from "../commands/command.ts";
import { type Family, familyOf, familySummary, firstWords, wordsOf } from "../commands/families.ts";
import { type CompletedOption, completedOperands, completedOptions } from "./completed-words.ts";

/** Completion for zsh: as `_zipferry` in a folder of `$fpath`, or sourced. */
export function zshScript(commands: readonly Command[]): string {
	const general = completedOptions({ options: {} }).map(optionSpec);
	const described = firstWords(commands).map((word) => {
		const summary = commands.find(({ name }) => name === word)?.summary ?? familySummary(word, commands);
		return quoted(`${word}:${summary}`);
	});
	const cases = firstWords(commands).map((word) => {
		const command = commands.find(({ name }) => name === word);
		const family = familyOf(word, commands);
		if (command !== undefined) return commandCase(command, commands);
		return family === undefined ? "" : familyCase(family, commands);
	});
	return `#compdef zipferry
# Completion of zipferry for zsh, printed by: zipferry completion zsh

_zipferry_commands() {
	local -a commands=(
		${described.join("\n\t\t")}
	)
	_describe -t commands command commands
}

_zipferry() {
	local curcontext=$curcontext state line
	typeset -A opt_args
	_arguments -C \\
		${[...general, "'1:command:_zipferry_commands'", "'*::argument:->argument'"].join(" \\\n\t\t")} && return

	case $line[1] in
${cases.join("\n")}
	esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
	_zipferry "$@"
else
	(( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
	compdef _zipferry zipferry
fi
`;
}

/** The second word of a command that has two, and what stands behind it. */
function familyCase({ name, commands: members }: Family, commands: readonly Command[]): string {
	const words = members.map((member) => quoted(`${wordsOf(member.name)[1]}:${member.summary}`));
	return `	${name})
		_arguments -C '1:command:->second' '*::argument:->argument' && return
		if [[ $state == second ]]; then
			local -a members=(
				${words.join("\n\t\t\t\t")}
			)
			_describe -t commands command members
			return
		fi
		case $line[1] in
${members.map((member) => commandCase(member, commands)).join("\n")}
		esac
		;;`;
}

function commandCase(command: Command, commands: readonly Command[]): string {
	const { places, many } = completedOperands(command, commands);
	const all = places.map(({ shown }) => shown).join(" ");
	const anywhere = places.find(({ completes }) => completes.length > 0)?.completes ?? [];
	const operands = many
		? [quoted(`*:${escaped(all)}:${action(anywhere)}`)]
		: places.map(({ shown, completes }, place) =>
				quoted(`${place + 1}:${escaped(shown)}:${action(completes)}`),
			);
	const specs = [...completedOptions(command).map(optionSpec), ...operands];
	return `	${wordsOf(command.name).at(-1)})
		_arguments -s -S \\
			${specs.join(" \\\n\t\t\t")}
		;;`;
}

function optionSpec({ name, letter, describe, value, completes, repeats }: CompletedOption): string {
	const long = value === undefined ? `--${name}` : `--${name}=`;
	const meaning = `[${describe.replace(/[\\[\]]/g, "\\$&")}]`;
	const argument = value === undefined ? "" : `:${escaped(value)}:${action(completes)}`;
	const star = repeats ? "*" : "";
	if (letter === undefined) return quoted(`${star}${long}${meaning}${argument}`);
	const short = value === undefined ? `-${letter}` : `-${letter}+`;
	const others = repeats ? "'*'" : quoted(`(-${letter} --${name})`);
	return `${others}{${short},${long}}${quoted(`${meaning}${argument}`)}`;
}

function action(completes: "files" | readonly string[]): string {
	if (completes === "files") return "_files";
	return completes.length === 0 ? " " : `(${completes.join(" ")})`;
}

/** In a message, which a colon would end. */
function escaped(text: string): string {
	return text.replace(/[\\:]/g, "\\$&");
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
