/** No character below this one takes two columns. */
const FIRST_WIDE = 0x1100;

/**
 * Columns that a text takes on a terminal, at most: terminals do not agree about emoji and accents, and a line that
 * is a little too short does no harm, while one that is too long breaks.
 *
 * @param text - Without control characters.
 */
export function columnsOf(text: string): number {
	let columns = 0;
	for (const character of text) columns += widthOf(character);
	return columns;
}

/** The end of a text, as much of it as fits, with `…` for what is left out. */
export function endOf(text: string, columns: number): string {
	if (columnsOf(text) <= columns) return text;
	const characters = [...text];
	let left = columns - 1;
	let start = characters.length;
	while (start > 0) {
		const width = widthOf(characters[start - 1] ?? "");
		if (width > left) break;
		left -= width;
		start -= 1;
	}
	return columns < 1 ? "" : `…${characters.slice(start).join("")}`;
}

/** Of the characters that we draw ourselves it is known. */
function widthOf(character: string): number {
	return (character.codePointAt(0) ?? 0) < FIRST_WIDE || "█░…".includes(character) ? 1 : 2;
}
