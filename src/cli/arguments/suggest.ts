import { closest, distance } from "fastest-levenshtein";

/** Beyond this, or half of the word, a suggestion is a guess. */
const MAX_DISTANCE = 3;

/** The known name that was probably meant. */
export function suggest(unknown: string, known: readonly string[]): string | undefined {
	if (known.length === 0) return undefined;
	const nearest = closest(unknown, known);
	return distance(unknown, nearest) > Math.min(MAX_DISTANCE, unknown.length / 2) ? undefined : nearest;
}
