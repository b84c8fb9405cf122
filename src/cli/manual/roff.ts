import { wrap } from "../help/layout.ts";

const LINE = 70;

/** Text between commands of roff: nothing in it is one. */
export function roff(text: string): string {
	return text
		.replaceAll("\\", "\\e")
		.replaceAll("-", "\\-")
		.replaceAll("…", "...")
		.replace(/^(?=[.'])/gm, "\\&");
}

/** Text in lines of a length that editors and `diff` like. */
export function prose(text: string): string {
	return roff(wrap(text, LINE).join("\n"));
}

export function bold(text: string): string {
	return `\\fB${roff(text)}\\fR`;
}

export function italic(text: string): string {
	return `\\fI${roff(text)}\\fR`;
}

/** The first line of a page of section 1. It has no date: the same version gives the same page. */
export function pageTitle(name: string, version: string): string {
	return `.TH ${roff(name.toUpperCase())} 1 "" "zipferry ${roff(version)}" "zipferry"`;
}

export function section(title: string, ...lines: readonly string[]): string {
	return [`.SH ${title}`, ...lines].join("\n");
}

export function subsection(title: string, ...lines: readonly string[]): string {
	return [`.SS ${title}`, ...lines].join("\n");
}

/** Paragraphs; text that is roff already. */
export function paragraphs(texts: readonly string[]): string {
	return texts.join("\n.PP\n");
}

/** A term, and below it what it means. */
export function tagged(term: string, ...lines: readonly string[]): string {
	return [".TP", term, ...lines].join("\n");
}

/** Lines of shell as they are typed, each below what it does. */
export function exampleSection(examples: readonly (readonly [line: string, what: string])[]): string {
	const shown = examples.map(([line, what]) =>
		[`${prose(sentence(what))}:`, ".PP", ".RS 4", ".nf", roff(line), ".fi", ".RE"].join("\n"),
	);
	return section("EXAMPLES", paragraphs(shown));
}

function sentence(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
