import ignore, { type Ignore } from "ignore";

/** Patterns in gitignore syntax, relative to the root of each source. */
export interface FilterPatterns {
	/** Files that match are left out; a directory with everything in it. */
	readonly exclude?: readonly string[] | undefined;
	/** If given, only files that match, or that are in a matching directory, are archived. */
	readonly include?: readonly string[] | undefined;
}

/** {@link FilterPatterns} with their defaults. */
export interface FilterLists {
	readonly exclude: readonly string[];
	readonly include: readonly string[];
}

/** Decides which paths of a source become entries. */
export interface Filter {
	/** Whether there are no patterns, so that nobody need ask. */
	readonly takesAll: boolean;
	/** @param path - Relative, `/`-separated, ending in `/` for a directory. */
	excludes(path: string): boolean;
	/** Whether the path itself is asked for; a directory that is not may still hold files that are. */
	includes(path: string): boolean;
}

/** A filter of one source. */
export function createFilter({ exclude, include }: FilterLists): Filter {
	const excluded = matcher(exclude);
	const included = matcher(include);
	return {
		takesAll: exclude.length === 0 && include.length === 0,
		excludes: (path) => exclude.length > 0 && excluded(path),
		includes: (path) => include.length === 0 || included(path),
	};
}

/**
 * The same filter for paths relative to a directory below its root.
 *
 * @param base - That directory, without a slash at the end.
 */
export function filterBelow(filter: Filter, base: string): Filter {
	return {
		takesAll: filter.takesAll,
		excludes: (path) => filter.excludes(`${base}/${path}`),
		includes: (path) => filter.includes(`${base}/${path}`),
	};
}

/** The library remembers every path it has seen; a fresh start now and then keeps memory flat. */
const FORGET_AFTER = 10_000;

/** Keys of objects can begin with `/` or `..`, and such objects have to be left out by something. */
const OPTIONS = { ignorecase: false, allowRelativePaths: true } as const;

function matcher(patterns: readonly string[]): (path: string) => boolean {
	let rules: Ignore = ignore(OPTIONS).add(patterns);
	let seen = 0;
	return (path) => {
		if (++seen % FORGET_AFTER === 0) rules = ignore(OPTIONS).add(patterns);
		return rules.ignores(path);
	};
}
