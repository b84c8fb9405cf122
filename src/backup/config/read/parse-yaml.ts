import {
	type Document,
	isAlias,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	parseDocument,
	visit,
} from "yaml";
import { messageOf } from "../../../errors.ts";
import type { ConfigPath, ConfigProblem } from "../problems.ts";

/** Nodes that aliases stand for: a file of a few lines can stand for gigabytes. */
const MOST_ALIASES = 100;

/** A file as data, and where in it what stands. */
export interface ParsedText {
	readonly data: unknown;
	lineOf(path: ConfigPath): number | undefined;
	readonly problems: readonly ConfigProblem[];
}

/** Reads YAML 1.2, and JSON, which is a part of it. */
export function parseYaml(text: string): ParsedText {
	const lines = new LineCounter();
	const at = (offset: number) => lines.linePos(offset).line;
	const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false });
	// A warning tells of a tag that nobody knows: the value would be another one than was meant.
	const faults = [...document.errors, ...document.warnings];
	const problems: ConfigProblem[] = faults.map(({ code, message, pos }) => ({
		path: [],
		text: inWords(code, message, text, pos[0]),
		line: at(pos[0]),
	}));
	visit(document, {
		Pair(_key, { key }) {
			if (isScalar(key)) return;
			problems.push({
				path: [],
				text: "a name is text, and no list or mapping",
				line: at(offsetOf(key) ?? 0),
			});
		},
	});
	if (problems.length > 0) return failed(problems);
	try {
		const data: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
		return { data, lineOf: (path) => lineIn(document, path, at), problems: [] };
	} catch (error) {
		// An alias of nothing, or too many of them.
		return failed([{ path: [], text: messageOf(error), line: aliasLine(text) }]);
	}
}

function failed(problems: readonly ConfigProblem[]): ParsedText {
	return { data: undefined, lineOf: () => 1, problems };
}

function inWords(code: string, message: string, text: string, offset: number): string {
	const word = /^[^\s:,]*/.exec(text.slice(offset))?.[0] ?? "";
	if (code === "DUPLICATE_KEY") return `${word === "" ? "a name" : word} is there twice`;
	if (code === "MULTIPLE_DOCS") return "a second document begins here; a config is one";
	const [line = ""] = message.split("\n");
	return `${line.charAt(0).toLowerCase()}${line.slice(1)}`;
}

function aliasLine(text: string): number {
	const lines = text.split("\n");
	return lines.findIndex((line) => /(^|[\s[,:-])\*\S/.test(line)) + 1 || 1;
}

/** The line of what a path leads to, or of what it last leads to: what is missing is missing there. */
function lineIn(document: Document, path: ConfigPath, at: (offset: number) => number): number {
	let node: unknown = document.contents;
	let offset = offsetOf(node);
	for (const step of path) {
		if (isAlias(node)) node = node.resolve(document);
		if (isMap(node)) {
			const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
			if (pair === undefined) break;
			offset = offsetOf(pair.key) ?? offset;
			node = pair.value;
		} else if (isSeq(node)) {
			node = node.items[Number(step)];
			offset = offsetOf(node) ?? offset;
		} else break;
	}
	return offset === undefined ? 1 : at(offset);
}

function offsetOf(node: unknown): number | undefined {
	return (node as Node | null | undefined)?.range?.[0];
}
