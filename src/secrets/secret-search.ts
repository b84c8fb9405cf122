/** A range in a text, without its end. */
export type Range = readonly [start: number, end: number];

/**
 * A secret is looked for as a whole and in pieces of at least this many characters, so that most of one is
 * found also where a server has cut it off.
 */
const PIECE_LENGTH = 10;

/** Base64, base64url and hex. */
const ENCODED = /[A-Za-z0-9+/_=-]/;

/** A way to write secrets down. */
interface Notation {
	/** Forms that a secret may have in it. */
	write(secret: string): readonly string[];
	/** Makes one of its variants out of all, character by character. */
	unify(text: string): string;
	/** Whether it makes one word of a secret and what stands beside it. */
	readonly joins: boolean;
}

const NOTATIONS: readonly Notation[] = [
	// Those who take an address apart make a space of a plus.
	{ write: (secret) => [secret], unify: (text) => text.replaceAll(" ", "+"), joins: false },
	{ write: base64Of, unify: (text) => text.replaceAll("-", "+").replaceAll("_", "/"), joins: true },
	{
		write: (secret) => [Buffer.from(secret, "utf8").toString("hex")],
		unify: (text) => text.replace(/[A-F]/g, (digit) => digit.toLowerCase()),
		joins: true,
	},
];

/** Finds secrets in texts without escapes: as they are, in base64, within more of it as well, and in hex. */
export class SecretSearch {
	readonly #searches: readonly { readonly notation: Notation; readonly words: Words }[];

	constructor(secrets: readonly string[]) {
		this.#searches = NOTATIONS.map((notation) => {
			const written = (texts: readonly string[]) =>
				texts.flatMap((text) => notation.write(text)).map(notation.unify);
			const pieces = written(secrets.flatMap(secretPart)).flatMap(piecesOf);
			return { notation, words: wordsByHead([...written(secrets), ...pieces]) };
		});
	}

	*find(text: string): Generator<Range, void, void> {
		for (const { notation, words } of this.#searches) {
			if (words.size === 0) return;
			const unified = notation.unify(text);
			for (let index = 0; index + HEAD_LENGTH <= unified.length; index++) {
				const word = words.get(headOf(unified, index))?.find((each) => unified.startsWith(each, index));
				if (word === undefined) continue;
				const range: Range = [index, index + word.length];
				const shown = notation.joins ? wordAround(text, range) : range;
				yield shown;
				index = shown[1] - 1;
			}
		}
	}
}

/** By what they begin with; regular expressions of so many take their time for each line. */
type Words = ReadonlyMap<number, readonly string[]>;

const HEAD_LENGTH = 3;

function headOf(text: string, index: number): number {
	return (text.charCodeAt(index) * 131 + text.charCodeAt(index + 1)) * 131 + text.charCodeAt(index + 2);
}

function wordsByHead(words: readonly string[]): Words {
	const byHead = new Map<number, string[]>();
	// The longest first: pieces of a secret that repeats itself may be found at other places in it.
	for (const word of [...new Set(words)].sort((a, b) => b.length - a.length)) {
		const head = headOf(word, 0);
		const others = byHead.get(head);
		if (others === undefined) byHead.set(head, [word]);
		else others.push(word);
	}
	return byHead;
}

/** The whole of what an encoded secret stands in: its borders need not be those of the encoding. */
function wordAround(text: string, [from, to]: Range): Range {
	let start = from;
	let end = to;
	while (start > 0 && ENCODED.test(text.charAt(start - 1))) start -= 1;
	while (end < text.length && ENCODED.test(text.charAt(end))) end += 1;
	return [start, end];
}

function piecesOf(secret: string): string[] {
	const count = Math.max(1, Math.floor(secret.length / PIECE_LENGTH));
	const border = (index: number) => Math.round((index * secret.length) / count);
	return Array.from({ length: count }, (_, index) => secret.slice(border(index), border(index + 1)));
}

/** Fewer characters are part of any text. */
const MIN_PART_LENGTH = 8;

/** What is secret in it: the path of a web address, as its host is that of others, too. */
function secretPart(secret: string): string[] {
	const [, path] = /^https?:\/\/[^/?#@]*([/?#].*)?$/i.exec(secret) ?? [undefined, secret];
	return path === undefined || path.length < MIN_PART_LENGTH ? [] : [path];
}

/** The base64 of the bytes with any bytes before and after them: three bytes are four characters. */
function base64Of(secret: string): string[] {
	const bytes = Buffer.from(secret, "utf8");
	return [0, 1, 2].map((before) => {
		const text = Buffer.concat([new Uint8Array(before), bytes]).toString("base64");
		const rest = (before + bytes.byteLength) % 3;
		// Without the characters that other bytes have a part in.
		return text.slice(before === 0 ? 0 : before + 1, rest === 0 ? text.length : rest - 4);
	});
}
