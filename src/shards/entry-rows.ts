import type { EntryPin } from "../sources/pins/entry-pin.ts";

/**
 * Something that is to be archived: a row of a page. Rows are ordered by the bytes of names; no two have the same.
 */
export interface PlannedEntry extends EntryPin {
	/** In the archive, as a byte string (latin1). */
	readonly name: string;
	/** Index among {@link Manifest.sources}. */
	readonly source: number;
}

/** Kinds as rows have them. */
const KINDS = ["file", "directory", "symlink"] as const;

/** As one line of text, ASCII alone, with its end. */
export function encodeRow({ name, source, place, kind, size, mtimeMs, mode, etag }: PlannedEntry): string {
	// A place mostly is the name, or ends with it.
	const shared = place.endsWith(name) ? place.slice(0, place.length - name.length) : undefined;
	const row = [
		name,
		KINDS.indexOf(kind),
		size,
		mtimeMs,
		mode,
		source,
		shared ?? 0,
		shared === undefined ? place : 0,
		etag ?? 0,
	];
	return `${ascii(JSON.stringify(row))}\n`;
}

/**
 * @param line - Without its end.
 * @throws {SyntaxError} for what {@link encodeRow} never writes.
 */
export function decodeRow(line: string): PlannedEntry {
	const row: unknown = JSON.parse(line);
	if (!isRow(row)) throw new SyntaxError("this is no row of an entry");
	const [name, kind, size, mtimeMs, mode, source, shared, place, etag] = row;
	return {
		...{ name, size, mtimeMs, mode, source },
		kind: KINDS[kind] ?? "file",
		place: place === 0 ? `${shared}${name}` : place,
		...(etag === 0 ? {} : { etag }),
	};
}

type Row = readonly [
	name: string,
	kind: number,
	size: number,
	mtimeMs: number,
	mode: number,
	source: number,
	shared: string | 0,
	place: string | 0,
	etag: string | 0,
];

function isRow(row: unknown): row is Row {
	if (!Array.isArray(row) || row.length !== 9) return false;
	const [name, ...rest] = row;
	const numbers = rest.slice(0, 5);
	const texts = rest.slice(5);
	return (
		typeof name === "string" &&
		numbers.every(Number.isFinite) &&
		rest[0] in KINDS &&
		texts.every((text) => text === 0 || typeof text === "string") &&
		(texts[0] === 0) !== (texts[1] === 0)
	);
}

/** JSON in which everything beyond ASCII is written as an escape: bytes and characters are the same then. */
function ascii(json: string): string {
	return json.replace(
		/[^\x20-\x7e]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}
