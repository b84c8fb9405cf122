import { XMLParser, XMLValidator } from "fast-xml-parser";

/** A piece of XML that is escaped already. */
export interface Markup {
	readonly markup: string;
}

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	// Parsers turn a bare carriage return into a line feed (XML 1.0, 2.11), which would rename an object.
	"\r": "&#13;",
};

/** An element with text, with elements, or empty. */
export function element(name: string, ...children: readonly (Markup | string | number | boolean)[]): Markup {
	const content = children.map((child) =>
		typeof child === "object"
			? child.markup
			: String(child).replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character),
	);
	return { markup: `<${name}>${content.join("")}</${name}>` };
}

/** As {@link element}, or nothing at all if there is no value. */
export function optional(name: string, value: string | number | undefined): readonly Markup[] {
	return value === undefined ? [] : [element(name, value)];
}

/** A whole answer. Error documents have no namespace, as on AWS. */
export function document(root: string, ...children: readonly (Markup | string)[]): string {
	const { markup } = element(root, ...children);
	const attributes = root === "Error" ? "" : ` xmlns="${NAMESPACE}"`;
	return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attributes}${markup.slice(root.length + 1)}`;
}

const parser = new XMLParser({
	ignoreAttributes: true,
	removeNSPrefix: true,
	parseTagValue: false,
	trimValues: false,
	processEntities: true,
	htmlEntities: true,
});

/** The root element called `root` as nested records, or `undefined` if the text is anything else. */
export function parseDocument(text: string, root: string): XmlNode | undefined {
	if (XMLValidator.validate(text) !== true) return undefined;
	const parsed: unknown = parser.parse(text);
	return new XmlNode(parsed).children(root)[0];
}

/** One parsed element: asks for children by name, whether there are none, one or many. */
export class XmlNode {
	readonly #value: unknown;

	constructor(value: unknown) {
		this.#value = value;
	}

	get text(): string | undefined {
		return typeof this.#value === "string" ? this.#value : undefined;
	}

	/** Names of the elements in it. */
	get names(): string[] {
		return typeof this.#value === "object" && this.#value !== null ? Object.keys(this.#value) : [];
	}

	children(name: string): XmlNode[] {
		if (typeof this.#value !== "object" || this.#value === null) return [];
		const child = new Map<string, unknown>(Object.entries(this.#value)).get(name);
		if (child === undefined) return [];
		return (Array.isArray(child) ? child : [child]).map((value: unknown) => new XmlNode(value));
	}

	childText(name: string): string | undefined {
		return this.children(name)[0]?.text?.trim();
	}
}
