import { distance } from "fastest-levenshtein";

/** Beyond this, or half of the word, a suggestion is a guess. */
const MAX_DISTANCE = 3;

/** The name that a misspelt one was probably meant to be. */
export function nearestOf(word: string, names: readonly string[]): string | undefined {
	const limit = Math.min(MAX_DISTANCE, word.length / 2);
	const distances = names.map((name) => ({ name, away: distance(word.toLowerCase(), name.toLowerCase()) }));
	return distances.filter(({ away }) => away <= limit).sort((a, b) => a.away - b.away)[0]?.name;
}
