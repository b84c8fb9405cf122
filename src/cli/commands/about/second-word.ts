/** The second word of a command that has two. */
export const SECOND_WORD = { shown: "[second word]", optional: true, completes: "second-words" } as const;

/** The words that name a command, as one name. */
export function commandName(first: string | undefined, second: string | undefined): string | undefined {
	return second === undefined ? first : `${first} ${second}`;
}
