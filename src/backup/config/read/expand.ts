import type { ConfigPath, ConfigProblem } from "../problems.ts";
import { showPath } from "../problems.ts";

/** A piece of a text: characters that stand for themselves, or a variable. */
export type TextPiece =
	| { readonly kind: "literal"; readonly text: string }
	| { readonly kind: "variable"; readonly name: string; readonly fallback: string | undefined }
	| { readonly kind: "malformed"; readonly text: string };

const PIECE = /\$\$|\$\{(?<name>[A-Za-z_]\w*)(?::-(?<fallback>[^}]*))?\}|\$\{[^}]*\}?/g;

/** Takes a text apart: `${VAR}`, `${VAR:-text}`, `$$`, and what is between them. A lone `$` stands for itself. */
export function piecesOf(text: string): readonly TextPiece[] {
	const pieces: TextPiece[] = [];
	let end = 0;
	for (const match of text.matchAll(PIECE)) {
		const { name, fallback } = match.groups ?? {};
		if (match.index > end) pieces.push({ kind: "literal", text: text.slice(end, match.index) });
		if (match[0] === "$$") pieces.push({ kind: "literal", text: "$" });
		else if (name === undefined) pieces.push({ kind: "malformed", text: match[0] });
		else pieces.push({ kind: "variable", name, fallback });
		end = match.index + match[0].length;
	}
	if (end < text.length) pieces.push({ kind: "literal", text: text.slice(end) });
	return pieces;
}

/** A text with variables in place of their names. */
export interface Expanded {
	readonly text: string;
	/** Whether there is a variable in it. */
	readonly varies: boolean;
	/** Values of the variables that are set, by their names. */
	readonly values: ReadonlyMap<string, string>;
	readonly problems: readonly ConfigProblem[];
}

export function expand(text: string, path: ConfigPath, env: NodeJS.ProcessEnv): Expanded {
	const values = new Map<string, string>();
	const problems: ConfigProblem[] = [];
	const place = showPath(path);
	const pieces = piecesOf(text);
	const parts = pieces.map((piece) => {
		if (piece.kind === "literal") return piece.text;
		if (piece.kind === "malformed") {
			const text = `${place} has ${JSON.stringify(piece.text)}, which names no variable; write $\${ for a plain \${`;
			problems.push({ path, text });
			return "";
		}
		const { name, fallback } = piece;
		const value = env[name];
		if (value !== undefined && (value !== "" || fallback === undefined)) {
			values.set(name, value);
			return value;
		}
		if (fallback === undefined)
			problems.push({ path, text: `${place} needs the environment variable ${name}, which is not set` });
		return fallback ?? "";
	});
	const varies = pieces.some(({ kind }) => kind === "variable");
	return { text: parts.join(""), varies, values, problems };
}
