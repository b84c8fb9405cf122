/** What a page of a listing is cut by. */
export interface PageOptions {
	readonly prefix: string;
	/** Keys that have it after the prefix are shown as one common prefix; empty: none. */
	readonly delimiter: string;
	/** The page starts with the first key or common prefix behind it. */
	readonly after: string;
	readonly limit: number;
}

export interface Page {
	readonly keys: readonly string[];
	readonly commonPrefixes: readonly string[];
	/** The last key or common prefix of the page, if another page follows. */
	readonly next: string | undefined;
}

/** Cuts a page out of keys that are in the order of {@link compareKeys}. */
export function listPage(sorted: readonly string[], { prefix, delimiter, after, limit }: PageOptions): Page {
	const keys: string[] = [];
	const commonPrefixes: string[] = [];
	let last: string | undefined;
	for (const key of sorted) {
		if (!key.startsWith(prefix)) continue;
		const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
		const item = end < 0 ? key : key.slice(0, end + delimiter.length);
		if (item === last || (after !== "" && compareKeys(item, after) <= 0)) continue;
		if (keys.length + commonPrefixes.length === limit) return { keys, commonPrefixes, next: last };
		(end < 0 ? keys : commonPrefixes).push(item);
		last = item;
	}
	return { keys, commonPrefixes, next: undefined };
}

/** The order of the UTF-8 bytes. That of JavaScript strings differs: surrogates come before U+E000. */
export function compareKeys(left: string, right: string): number {
	const length = Math.min(left.length, right.length);
	for (let index = 0; index < length; index += 1) {
		const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}

function rank(unit: number): number {
	return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}
