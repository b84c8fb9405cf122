import { shownValue } from "../../options/shown-value.ts";
import { allDirectives, type DirectiveName, isDirective, SHORT_FORMS } from "./directives.ts";
import { missingName, templateError } from "./template-error.ts";

/** A piece of a template: text that every key has, or a piece of the time. */
export type TemplatePart =
	| { readonly type: "text"; readonly text: string }
	| { readonly type: "time"; readonly directive: DirectiveName };

/** What placeholders stand for. */
export interface PlaceholderValues {
	readonly name: string | undefined;
	readonly host: string;
}

const PLACEHOLDERS = "there are {name} and {host}, and nothing else in braces";

/** A directive, a placeholder, what looks like one and is none, or text. */
const TOKEN = /%(?<letter>.?)|\{(?<placeholder>[^{}]*)\}|(?<brace>[{}])|(?<text>[^%{}]+)/gsu;

/**
 * Takes the key of a template apart. No two pieces of text follow each other.
 *
 * @param whole - The template, for messages.
 * @throws {InvalidOptionError} for directives and placeholders that are none
 */
export function templateParts(key: string, values: PlaceholderValues, whole: string): TemplatePart[] {
	const parts: TemplatePart[] = [];
	for (const part of readParts(key, values, whole)) {
		const last = parts.at(-1);
		if (last?.type === "text" && part.type === "text")
			parts[parts.length - 1] = { type: "text", text: last.text + part.text };
		else parts.push(part);
	}
	return parts;
}

function* readParts(key: string, values: PlaceholderValues, whole: string): Generator<TemplatePart> {
	for (const { groups = {} } of key.matchAll(TOKEN)) {
		const { letter, placeholder, brace, text } = groups;
		if (text !== undefined) yield { type: "text", text };
		else if (placeholder !== undefined)
			yield { type: "text", text: placeholderText(placeholder, values, whole) };
		else if (brace !== undefined) throw templateError(whole, `has a single "${brace}"; ${PLACEHOLDERS}`);
		else yield* readDirective(letter ?? "", values, whole);
	}
}

function* readDirective(letter: string, values: PlaceholderValues, whole: string): Generator<TemplatePart> {
	const long = SHORT_FORMS.get(letter);
	if (letter === "%") yield { type: "text", text: "%" };
	else if (long !== undefined) yield* readParts(long, values, whole);
	else if (isDirective(letter)) yield { type: "time", directive: letter };
	else if (letter === "") throw templateError(whole, 'ends in a single "%"; "%%" is a percent sign');
	else
		throw templateError(whole, `has ${shownValue(`%${letter}`)}, which is none of these: ${allDirectives()}`);
}

function placeholderText(placeholder: string, { name, host }: PlaceholderValues, whole: string): string {
	if (placeholder === "host") return host;
	if (placeholder !== "name")
		throw templateError(whole, `has ${shownValue(`{${placeholder}}`)}; ${PLACEHOLDERS}`);
	if (name === undefined) throw missingName(whole);
	return name;
}
