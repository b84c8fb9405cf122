import type { Dirent } from "node:fs";

/** The type that a directory gives for one of its names. */
export const FILE = "f";
export const DIRECTORY = "d";
/** A link that leads to a directory and is followed: sorts like one, and is looked at like any link. */
const LINKED_DIRECTORY = "l";
const OTHER = "o";

/** No name has a NUL, and no type is one. */
const NUL = "\0";
/** Behind each of the names that are packed. */
const END = NUL + NUL;

/** Names that are sorted and packed together. */
const RUN_SIZE = 4096;

/** What a directory says that one of its names is, see {@link Listing}. */
export function typeOf(item: string): string {
	return isFile(item) ? FILE : item.charAt(item.length - 1);
}

/** Its name. */
export function nameOf(item: string): string {
	if (isFile(item)) return item;
	return item.slice(0, item.charAt(item.length - 3) === "/" ? -3 : -2);
}

function isFile(item: string): boolean {
	return item.charCodeAt(item.length - 2) !== 0;
}

/**
 * The names in a directory, in the byte order of entry names. Those of a small directory are held as they are. In
 * a large one they are packed as they come, in sorted runs of a few thousand, from which they are merged as they
 * are taken: a name takes its bytes and two more, whatever their number.
 *
 * An item is the name of a file, a byte string; of all else, the name with its type behind a NUL. A directory sorts as if it ended in
 * `/`: its contents follow it at once and still stand in byte order among its neighbours.
 */
export class Listing {
	/** Runs of which there is more, as a heap: the first has the name that comes first. */
	readonly #runs: Run[] = [];
	#unsorted: string[] = [];
	#head: string | undefined;
	/** Bytes of its names, as they are packed. */
	byteLength = 0;

	/** @param runs - What {@link Listing.packed} has given. */
	static ofPacked(runs: readonly Buffer[]): Listing {
		const listing = new Listing();
		for (const run of runs) {
			listing.byteLength += run.byteLength;
			listing.#runs.push(runs.length === 1 ? new ShortRun(unpacked(run)) : new PackedRun(run));
		}
		listing.sort();
		return listing;
	}

	/** @param linkedDirectory - Whether it is a link to a directory that is to be followed. */
	add(found: Dirent<Buffer> | Dirent, linkedDirectory: boolean): void {
		const item = itemOf(found, linkedDirectory);
		this.byteLength += item.length + END.length;
		this.#unsorted.push(item);
		if (this.#unsorted.length === RUN_SIZE) this.#runs.push(new PackedRun(packed(this.#takeSorted())));
	}

	/** To be called once, when all have been added. */
	sort(): void {
		if (this.#unsorted.length > 0) this.#runs.push(new ShortRun(this.#takeSorted()));
		for (let index = this.#runs.length >> 1; index >= 0; index--) this.#siftDown(index);
		this.#head = this.#runs[0]?.head;
	}

	/** All names, for another listing of the same; to be called before any of them has been taken. */
	packed(): readonly Buffer[] {
		return this.#runs.map((run) => run.packed());
	}

	/** The name that comes next, until {@link Listing.advance} is called. */
	get head(): string | undefined {
		return this.#head;
	}

	/** A name that was listed twice, as happens where files are replaced meanwhile, is given once. */
	advance(): void {
		const before = this.#head;
		while (this.#head !== undefined && this.#head === before) this.#head = this.#next();
	}

	/** The names of files that come next: up to something else, or so many. */
	takeFiles(count: number): string[] {
		const names: string[] = [];
		for (
			let head = this.#head;
			head !== undefined && isFile(head) && names.length < count;
			head = this.#head
		) {
			names.push(head);
			this.advance();
		}
		return names;
	}

	#next(): string | undefined {
		const [first] = this.#runs;
		if (first === undefined) return undefined;
		first.advance();
		if (first.head === undefined) {
			const last = this.#runs.pop();
			if (last !== undefined && last !== first) this.#runs[0] = last;
		}
		if (this.#runs.length > 1) this.#siftDown(0);
		return this.#runs[0]?.head;
	}

	#takeSorted(): string[] {
		const names = this.#unsorted.sort(); // by UTF-16 code units, which in a byte string are its bytes
		this.#unsorted = [];
		return names;
	}

	#siftDown(from: number): void {
		const runs = this.#runs;
		const moving = runs[from];
		if (moving === undefined) return;
		let index = from;
		for (;;) {
			const left = 2 * index + 1;
			const right = left + 1;
			const smaller = comesBefore(runs[right], runs[left]) ? right : left;
			const child = runs[smaller];
			if (child === undefined || !comesBefore(child, moving)) break;
			runs[index] = child;
			index = smaller;
		}
		runs[index] = moving;
	}
}

/** Sorted names, one after the other. */
interface Run {
	/** While none has been taken, there is always one. */
	readonly head: string | undefined;
	advance(): void;
	/** All its names, also those that have been taken. */
	packed(): Buffer;
}

class ShortRun implements Run {
	readonly #names: readonly string[];
	#index = 0;

	constructor(names: readonly string[]) {
		this.#names = names;
	}

	get head(): string | undefined {
		return this.#names[this.#index];
	}

	advance(): void {
		this.#index += 1;
	}

	packed(): Buffer {
		return packed(this.#names);
	}
}

/** Out of the way of the garbage collector as well, which a million strings would keep busy. */
class PackedRun implements Run {
	readonly #bytes: Buffer;
	#next = 0;
	head: string | undefined;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
		this.advance();
	}

	packed(): Buffer {
		return this.#bytes;
	}

	advance(): void {
		const start = this.#next;
		if (start === this.#bytes.byteLength) {
			this.head = undefined;
			return;
		}
		let end = this.#bytes.indexOf(0, start);
		if (this.#bytes[end + 1] !== 0) end += 2; // behind the type
		this.#next = end + END.length;
		this.head = this.#bytes.toString("latin1", start, end);
	}
}

/** In memory of its own: it may be kept for long, and would keep what else is in a slab of Node's. */
function packed(names: readonly string[]): Buffer {
	const text = names.join(END) + END;
	const bytes = Buffer.allocUnsafeSlow(text.length);
	bytes.write(text, "latin1");
	return bytes;
}

function unpacked(bytes: Buffer): readonly string[] {
	return bytes.toString("latin1", 0, bytes.byteLength - END.length).split(END);
}

function comesBefore(run: Run | undefined, other: Run | undefined): boolean {
	return run?.head !== undefined && other?.head !== undefined && run.head < other.head;
}

function itemOf(found: Dirent<Buffer> | Dirent, linkedDirectory: boolean): string {
	const name = typeof found.name === "string" ? found.name : found.name.toString("latin1");
	if (found.isFile()) return name;
	if (found.isDirectory()) return `${name}/${NUL}${DIRECTORY}`;
	return linkedDirectory ? `${name}/${NUL}${LINKED_DIRECTORY}` : name + NUL + OTHER;
}
