import { mayRepeat } from "../arguments/to-yargs.ts";
import type { Command } from "../commands/command.ts";
import { firstWords, wordsOf } from "../commands/families.ts";
import { TOPICS } from "../help/topics.ts";
import { HELP_OPTIONS } from "../options/help-options.ts";
import type { OptionTable } from "../options/option.ts";
import { valueWord } from "../options/option-words.ts";

/** What a word can be: a file, one of some words, or something that a shell cannot know. */
type Completes = "files" | readonly string[];

/** What a shell has to know about an option. */
export interface CompletedOption {
	readonly name: string;
	readonly letter: string | undefined;
	/** A few words. */
	readonly describe: string;
	/** What stands for its value; none for a flag. */
	readonly value: string | undefined;
	readonly completes: Completes;
	readonly repeats: boolean;
}

/** The options of a command, and those of every command. */
export function completedOptions({ options }: Pick<Command, "options">): readonly CompletedOption[] {
	const all: OptionTable = { ...options, ...HELP_OPTIONS };
	return Object.entries(all).map(([name, option]) => {
		const value = valueWord({ name, option });
		return {
			name,
			letter: option.alias,
			describe: option.describe.split(";")[0] ?? "",
			value,
			completes: option.kind === "choice" ? option.choices : value === "FILE" ? "files" : [],
			repeats: mayRepeat(option),
		};
	});
}

/** An operand of a command, at its place. */
interface CompletedOperand {
	readonly shown: string;
	readonly completes: Completes;
}

export interface CompletedOperands {
	readonly places: readonly CompletedOperand[];
	/** One of them takes many words, so that any word can be any of them. */
	readonly many: boolean;
}

export function completedOperands({ operands }: Command, commands: readonly Command[]): CompletedOperands {
	const places = Object.values(operands).map(({ shown, completes = [] }): CompletedOperand => {
		const names = firstWords(commands);
		if (completes === "second-words")
			return { shown, completes: commands.flatMap(({ name }) => wordsOf(name)[1] ?? []) };
		if (completes === "commands") return { shown, completes: names };
		return { shown, completes: completes === "topics" ? [...names, ...Object.keys(TOPICS)] : completes };
	});
	return { places, many: Object.values(operands).some(({ many }) => many === true) };
}
