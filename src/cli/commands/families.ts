import type { Command } from "./command.ts";

/** Commands whose names have two words, and begin with the same one. */
export interface Family {
	/** The first word. */
	readonly name: string;
	/** One line. */
	readonly summary: string;
	/** In the order of the help. */
	readonly commands: readonly Command[];
}

const SUMMARIES: Readonly<Record<string, string>> = {
	shards:
		"Make one archive with many workers, on one machine or on hundreds. One plans it, each worker makes shards of it, and then one finishes it.",
};

/** All commands that begin with this word, if there is more to their names. */
export function familyOf(word: string, commands: readonly Command[]): Family | undefined {
	const members = commands.filter(({ name }) => name.startsWith(`${word} `));
	return members.length === 0 ? undefined : { name: word, summary: SUMMARIES[word] ?? "", commands: members };
}

/** A few words about the commands that begin with this one. */
export function familySummary(word: string, commands: readonly Command[]): string {
	return familyOf(word, commands)?.summary.split(".")[0] ?? "";
}

/** The first words of commands, each once. */
export function firstWords(commands: readonly Command[]): readonly string[] {
	return [...new Set(commands.map(({ name }) => wordsOf(name)[0]))];
}

/** The name of a command, word by word. */
export function wordsOf(name: string): readonly [first: string, second?: string] {
	const [first = "", second] = name.split(" ");
	return second === undefined ? [first] : [first, second];
}
