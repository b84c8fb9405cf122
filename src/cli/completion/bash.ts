import type { Command } from "../commands/command.ts";
import { familyOf, firstWords, wordsOf } from "../commands/families.ts";
import { type CompletedOption, completedOperands, completedOptions } from "./completed-words.ts";

/**
 * Completion for bash. It runs in version 3.2, that of macOS, and needs no other script.
 *
 * Bash splits words at `=` and `:`, so that `--level=5` is three words, and so is `s3://bucket`.
 */
export function bashScript(commands: readonly Command[]): string {
	const names = firstWords(commands).join(" ");
	const general = completedOptions({ options: {} });
	return `# Completion of zipferry for bash, printed by: zipferry completion bash

_zipferry() {
	local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]}
	local word option='' ended='' place=0 index=2 flags='' valued='' reply='' files=''
	COMPREPLY=()

	if ((COMP_CWORD == 1)); then
		reply='${names}'
		[[ $cur == -* ]] && reply='${flagWords(general).join(" ")}'
		COMPREPLY=($(compgen -W "$reply" -- "$cur"))
		return
	fi
${familyCases(commands)}
	case $command in
${commands.map(optionsCase).join("\n")}
	*) return ;;
	esac

	while ((index < COMP_CWORD)); do
		word=\${COMP_WORDS[index]}
		if [[ $word == : || ($word == = && -z $option && \${COMP_WORDS[index - 1]} == -*) ]]; then
			((index++))
		elif [[ $word == = && -z $option ]]; then
			((place--))
		elif [[ -n $option ]]; then
			[[ $word == = ]] || option=''
		elif [[ -z $ended && $word == -- ]]; then
			ended=1
		elif [[ -z $ended && $valued == *" $word "* ]]; then
			option=$word
		elif [[ -n $ended || $word != -?* ]]; then
			((place++))
		fi
		((index++))
	done
	((index > COMP_CWORD)) && return
	[[ $cur == : ]] && return
	if [[ $cur == = ]]; then
		[[ -z $option && \${COMP_WORDS[COMP_CWORD - 1]} == -* ]] && return
		[[ -z $option ]] && ((place--))
		cur=''
	fi

	if [[ -n $option ]]; then
		case "$command $option" in
${valueCases(commands).join("\n")}
		esac
	elif [[ -z $ended && $cur == -* ]]; then
		reply="$flags $valued"
	else
		case "$command $place" in
${operandCases(commands).join("\n")}
		esac
	fi

	if [[ -n $files ]]; then
		compopt -o default 2>/dev/null || { IFS=$'\\n' && COMPREPLY=($(compgen -f -- "$cur")); }
	else
		COMPREPLY=($(compgen -W "$reply" -- "$cur"))
	fi
}

complete -F _zipferry zipferry
`;
}

function optionsCase(command: Command): string {
	const options = completedOptions(command);
	const flags = flagWords(options.filter(({ value }) => value === undefined)).join(" ");
	const valued = flagWords(options.filter(({ value }) => value !== undefined)).join(" ");
	return `	'${command.name}')
		flags='${flags}'
		valued=' ${valued} '
		;;`;
}

/** Commands of two words: the second is completed, or belongs to the name. */
function familyCases(commands: readonly Command[]): string {
	const families = firstWords(commands).flatMap((word) => familyOf(word, commands) ?? []);
	if (families.length === 0) return "";
	const members = families.map(
		(family) =>
			`	${family.name}) reply='${family.commands.flatMap(({ name }) => wordsOf(name)[1] ?? []).join(" ")}' ;;`,
	);
	return `
	case $command in
${members.join("\n")}
	esac
	if [[ -n $reply ]]; then
		if ((COMP_CWORD == 2)); then
			COMPREPLY=($(compgen -W "$reply" -- "$cur"))
			return
		fi
		command="$command \${COMP_WORDS[2]}" index=3 reply=''
	fi
`;
}

function flagWords(options: readonly CompletedOption[]): string[] {
	return options.flatMap(({ name, letter }) => [
		...(letter === undefined ? [] : [`-${letter}`]),
		`--${name}`,
	]);
}

/** What the values of options are; those that are alike share a line. */
function valueCases(commands: readonly Command[]): string[] {
	return cases(
		commands.flatMap((command) =>
			completedOptions(command).flatMap((option) =>
				flagWords([option]).map((flag) => [`'${command.name} ${flag}'`, option.completes] as const),
			),
		),
	);
}

function operandCases(commands: readonly Command[]): string[] {
	return cases(
		commands.flatMap((command) => {
			const { places, many } = completedOperands(command, commands);
			return places.map(
				({ completes }, place) =>
					[many ? `'${command.name} '*` : `'${command.name} ${place}'`, completes] as const,
			);
		}),
	);
}

function cases(
	rows: readonly (readonly [pattern: string, completes: "files" | readonly string[]])[],
): string[] {
	const byAction = new Map<string, string[]>();
	for (const [pattern, completes] of rows) {
		if (completes.length === 0) continue;
		const action = completes === "files" ? "files=1" : `reply='${completes.join(" ")}'`;
		byAction.set(action, [...(byAction.get(action) ?? []), pattern]);
	}
	return [...byAction].map(([action, patterns]) => `\t\t${[...new Set(patterns)].join(" | ")}) ${action} ;;`);
}
