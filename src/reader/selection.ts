import ignore, { type Ignore } from "ignore";
import { ArchiveError } from "./archive-error.ts";

/** The library remembers every path it has seen; a fresh start now and then keeps memory flat. */
const FORGET_AFTER = 1_000;

/** Decides which entries are meant, by patterns in gitignore syntax; without any, all are. */
export class Selection {
	readonly #patterns: readonly string[];
	readonly #all: Matcher | undefined;
	/** Patterns that have not matched anything yet. */
	#unmatched: { readonly pattern: string; readonly matcher: Matcher }[];

	constructor(patterns: readonly string[]) {
		this.#patterns = patterns;
		this.#all = patterns.length === 0 ? undefined : new Matcher(patterns);
		this.#unmatched = patterns
			.filter((pattern) => !pattern.startsWith("!"))
			.map((pattern) => ({ pattern, matcher: new Matcher([pattern]) }));
	}

	/** @param path - Of an entry; that of a directory ends in a slash. */
	takes(path: string): boolean {
		if (this.#all === undefined) return true;
		if (!ignore.isPathValid(path)) return false; // it begins with "/" or "../", which no pattern can name
		if (this.#unmatched.length > 0)
			this.#unmatched = this.#unmatched.filter(({ matcher }) => !matcher.matches(path));
		return this.#all.matches(path);
	}

	/**
	 * To be called when all entries have been seen.
	 *
	 * @throws {ArchiveError} `NO_SUCH_ENTRY` if a pattern has matched nothing.
	 */
	checkAllMatched(location: string): void {
		const [first] = this.#unmatched;
		if (first === undefined) return;
		const which = this.#patterns.length === 1 ? "the pattern" : "one of the patterns,";
		throw new ArchiveError("NO_SUCH_ENTRY", `has no entry that ${which} "${first.pattern}" matches`, {
			location,
		});
	}
}

class Matcher {
	readonly #patterns: readonly string[];
	#rules: Ignore;
	#seen = 0;

	constructor(patterns: readonly string[]) {
		this.#patterns = patterns;
		this.#rules = this.#fresh();
	}

	matches(path: string): boolean {
		if (++this.#seen % FORGET_AFTER === 0) this.#rules = this.#fresh();
		return this.#rules.ignores(path);
	}

	#fresh(): Ignore {
		return ignore({ ignorecase: false }).add(this.#patterns);
	}
}
