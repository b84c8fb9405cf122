/** Columns that a left column may take at most. */
const WIDEST_LEFT = 30;
/** Below this, descriptions stand under what they describe. */
const NARROW = 60;

/** Breaks text into lines of some columns; a word that is longer has a line of its own. */
export function wrap(text: string, columns: number): string[] {
	return fill(text.split(/\s+/), columns);
}

/** A paragraph. */
export function paragraph(text: string, columns: number): string {
	return wrap(text, columns).join("\n");
}

/** Names, and beside each, or below it where there is little room, what it is. */
export function twoColumns(
	rows: readonly (readonly [left: string, right: string])[],
	columns: number,
): string {
	const fitting = rows.map(([left]) => left.length).filter((length) => length <= WIDEST_LEFT);
	const narrow = columns < NARROW;
	const indent = narrow ? 6 : Math.max(...fitting, 0) + 4;
	return rows
		.flatMap(([left, right]) => {
			const lines = wrap(right, columns - indent).map((line) => `${" ".repeat(indent)}${line}`);
			if (narrow) return [`  ${left.trim()}`, ...lines];
			if (left.length > indent - 4) return [`  ${left}`, ...lines];
			return [`  ${left}${lines.join("\n").slice(left.length + 2)}`];
		})
		.join("\n");
}

/** A line of shell, broken where a shell takes it for one: at spaces outside of quotes. */
export function shellLine(line: string, columns: number): string {
	const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [line];
	const [first = "", ...rest] = fill(words, columns - 6);
	return [`  ${first}`, ...rest.map((part) => `    ${part}`)].join(" \\\n");
}

function fill(words: readonly string[], columns: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of words) {
		if (line !== "" && line.length + 1 + word.length > columns) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return [...lines, line];
}
