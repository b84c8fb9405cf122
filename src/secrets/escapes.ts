/** A text after some rounds of taking escapes back, and where each of its characters stands in the original. */
export interface Layer {
	readonly text: string;
	/** Offset of a character's first and behind its last character in the original; as they are without it. */
	readonly starts?: readonly number[];
	readonly ends?: readonly number[];
}

/** Servers escape what others have escaped before; nobody was seen to do so more often. */
const MOST_ROUNDS = 5;

/** Escapes of addresses, JSON and other source code, XML and HTML. */
const ESCAPES =
	/%(?<percent>[\da-f]{2})|\\x(?<x>[\da-f]{2})|\\u(?<u>[\da-f]{4})|\\u\{(?<braced>[\da-f]{1,6})\}|\\(?<octal>[0-3][0-7]{2})|\\(?<plain>["'`\\/nrt])|&#x(?<hex>[\da-f]{1,6});|&#(?<decimal>\d{1,7});|&(?<entity>amp|lt|gt|quot|apos|plus|sol|equals);/gi;

const NAMED: Readonly<Record<string, string>> = {
	...{ n: "\n", r: "\r", t: "\t" },
	...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", plus: "+", sol: "/", equals: "=" },
};

/** The text, and the texts that it stands for: with one round of escapes taken back after the other. */
export function* layersOf(text: string): Generator<Layer, void, void> {
	let layer: Layer | undefined = { text };
	for (let round = 0; layer !== undefined && round <= MOST_ROUNDS; round++) {
		yield layer;
		layer = replaced(layer, ESCAPES, meaningOf);
	}
}

/** The same without the ends of its lines, and what the next ones are indented by: long words are wrapped. */
export function unwrapped(layer: Layer): Layer | undefined {
	return replaced(layer, /[\r\n]\s*/g, () => "");
}

type Replace = (match: RegExpExecArray) => string;

/** @returns `undefined` if nothing in it matches */
function replaced({ text, starts, ends }: Layer, pattern: RegExp, replace: Replace): Layer | undefined {
	const origin: { text: string; starts: number[]; ends: number[] } = { text: "", starts: [], ends: [] };
	let from = 0;
	const keep = (until: number) => {
		origin.text += text.slice(from, until);
		for (let index = from; index < until; index++) {
			origin.starts.push(starts?.[index] ?? index);
			origin.ends.push(ends?.[index] ?? index + 1);
		}
	};
	for (const match of text.matchAll(pattern)) {
		const end = match.index + match[0].length;
		const meaning = replace(match);
		keep(match.index);
		origin.text += meaning;
		for (let index = 0; index < meaning.length; index++) {
			origin.starts.push(starts?.[match.index] ?? match.index);
			origin.ends.push(ends?.[end - 1] ?? end);
		}
		from = end;
	}
	if (from === 0) return undefined;
	keep(text.length);
	return origin;
}

function meaningOf({ 0: whole, groups = {} }: RegExpExecArray): string {
	const { percent, x, u, braced, octal, plain, hex, decimal, entity } = groups;
	const hexadecimal = percent ?? x ?? u ?? braced ?? hex;
	const named = entity?.toLowerCase() ?? plain;
	if (named !== undefined) return NAMED[named] ?? named;
	const code =
		hexadecimal !== undefined
			? Number.parseInt(hexadecimal, 16)
			: octal !== undefined
				? Number.parseInt(octal, 8)
				: Number(decimal);
	return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
