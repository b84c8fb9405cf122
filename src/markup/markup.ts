/** Text that is markup already, and is not escaped again. */
export class Markup {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

/** What may stand in {@link html}: text is escaped, `undefined` is nothing. */
export type Piece = string | number | Markup | undefined | readonly Piece[];

/** Markup with values in it; nothing that is not {@link Markup} gets in as such. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Markup {
	return new Markup(strings.reduce((text, part, index) => `${text}${textOf(values[index - 1])}${part}`));
}

function textOf(value: Piece): string {
	if (value === undefined) return "";
	if (value instanceof Markup) return value.text;
	if (typeof value === "object") return value.map(textOf).join("");
	return escaped(String(value));
}

/** What turns the direction of writing, or cannot be seen; but not the joiners that emoji and some scripts are made with. */
const CONTROLS = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

/** Names and errors may hold anything: it becomes text that fits between tags, and between the quotes of an attribute. */
function escaped(text: string): string {
	return text
		.replace(CONTROLS, (control) => `\\u{${(control.codePointAt(0) ?? 0).toString(16)}}`)
		.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
