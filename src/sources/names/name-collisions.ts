import { PackedNames } from "./packed-names.ts";
import { foldedName } from "./portable-names.ts";

/** Names beside each other that are one name to Windows and macOS. */
export interface CollidingNames {
	/** Names that would be extracted over an earlier one. */
	readonly count: number;
	/** The first few, each behind the one before it. */
	readonly examples: readonly (readonly [first: string, second: string])[];
}

const MAX_EXAMPLES = 3;

/** ASCII without upper case: compared as it is. */
const PLAIN = /^[\0-@[-\x7f]*$/;

/** A directory on the way down to where the walk is. */
interface Level {
	/** Start of all names in it. */
	readonly prefix: string;
	/** Names that are not plain; there once one has been met. */
	names: PackedNames | undefined;
	/** The name that came last: a directory comes again with each thing in it. */
	last: string;
}

/**
 * Finds names that differ in case, or in how an accent is encoded, and are in one directory.
 *
 * Sources that are walked in byte order cost next to nothing: only the names on the way down are held, and of these
 * only those with upper case or beyond ASCII. In byte order the one of a pair that is not so comes last.
 */
export class NameCollisions implements CollidingNames {
	readonly #ordered: boolean;
	/** Paths of sources, or all names where these come in any order: last segments by their folded form. */
	readonly #paths = new Map<string, string>();
	/** Names that were found to collide, where a directory may come again at any time. */
	readonly #found = new Set<string>();
	#levels: Level[] = [];
	count = 0;
	readonly examples: (readonly [string, string])[] = [];

	/** @param ordered - Whether each source gives its names depth first, in byte order, and below a prefix of its own. */
	constructor(ordered: boolean) {
		this.#ordered = ordered;
	}

	/** To be called before the names of a source. */
	startSource(prefix: string): void {
		if (!this.#ordered || prefix === "") {
			this.#levels = [{ prefix: "", names: undefined, last: "" }];
			return;
		}
		this.#addPath(prefix);
		this.#levels = [{ prefix: `${prefix}/`, names: undefined, last: "" }];
	}

	/** @param name - As text, with a slash at its end for a directory. */
	add(name: string): void {
		const path = name.endsWith("/") ? name.slice(0, -1) : name;
		if (!this.#ordered) {
			this.#addPath(path);
			return;
		}
		let level = this.#levels.at(-1);
		while (level !== undefined && !path.startsWith(level.prefix)) {
			if (this.#levels.length === 1) return; // the root of its source, which is known
			this.#levels.pop();
			level = this.#levels.at(-1);
		}
		if (level === undefined) return;
		for (let start = level.prefix.length; ; ) {
			const end = path.indexOf("/", start);
			this.#addTo(level, end < 0 ? path.slice(start) : path.slice(start, end));
			if (end < 0) return;
			start = end + 1;
			level = { prefix: path.slice(0, start), names: undefined, last: "" };
			this.#levels.push(level);
		}
	}

	/**
	 * Adds files of one directory, in byte order.
	 *
	 * @param start - Start of all their names, as text.
	 * @param names - In the directory, as text, with a `/` in between.
	 */
	addFiles(start: string, names: string): void {
		const first = names.indexOf("/");
		if (this.#ordered && PLAIN.test(names)) {
			this.add(start + (first < 0 ? names : names.slice(0, first)));
			if (this.#levels.at(-1)?.names === undefined) return; // these collide with none of their like
		}
		for (const name of names.split("/")) this.add(start + name);
	}

	#addTo(level: Level, segment: string): void {
		if (segment === level.last) return;
		level.last = segment;
		const plain = PLAIN.test(segment);
		if (plain) {
			if (level.names === undefined) return;
			this.#compare(level.prefix, level.names.find(segment), segment);
			return;
		}
		level.names ??= new PackedNames();
		this.#compare(level.prefix, level.names.add(segment, foldedName(segment)), segment);
	}

	/** Every directory on the way counts, too. */
	#addPath(path: string): void {
		for (let start = 0; ; ) {
			const end = path.indexOf("/", start);
			const directory = path.slice(0, start);
			const segment = end < 0 ? path.slice(start) : path.slice(start, end);
			// What is in another directory is another name, even if these two collide themselves.
			const key = directory + foldedName(segment);
			const earlier = this.#paths.get(key);
			if (earlier === undefined) this.#paths.set(key, segment);
			else if (!this.#found.has(directory + segment)) this.#compare(directory, earlier, segment);
			if (end < 0) return;
			start = end + 1;
		}
	}

	#compare(prefix: string, earlier: string | undefined, name: string): void {
		if (earlier === undefined || earlier === name) return;
		if (!this.#ordered) this.#found.add(prefix + name);
		this.count += 1;
		if (this.examples.length < MAX_EXAMPLES) this.examples.push([prefix + earlier, prefix + name]);
	}
}
