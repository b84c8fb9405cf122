import { InvalidOptionError } from "../../../errors.ts";
import { invalidOption } from "../../../options/invalid-option.ts";
import { DuplicateEntryError } from "../../../zip/format/entry-name-errors.ts";
import { looksLikeAddress } from "../../address.ts";
import { textOf } from "../place.ts";

/** Ends a path, as no segment is empty. What follows says where the path starts. */
const END = "\0\0";
const ABSOLUTE = "/";
const RELATIVE = ".";

/** A path of a list. */
export interface ListedPath {
	/** As a byte string. */
	readonly path: string;
	/** Its name in the archive, as a byte string: the path without what leads to where it starts. */
	readonly name: string;
}

/**
 * Paths in the byte order of their segments, each once: what is in a directory follows it. Packed: a path takes its
 * bytes and three more.
 */
export class PathList {
	readonly #bytes: Buffer;

	/**
	 * @param option - Where the paths are, for messages.
	 * @throws {InvalidOptionError} for a path that is empty, or leads out of where it starts
	 * @throws {DuplicateEntryError} for two paths that get the same name
	 */
	constructor(paths: Iterable<string | Uint8Array>, option: string) {
		const keys: string[] = [];
		for (const path of paths) keys.push(keyOf(path, `${option}[${keys.length}]`));
		keys.sort(compareBytes);
		this.#bytes = packed(keys);
	}

	*[Symbol.iterator](): Generator<ListedPath, void, void> {
		for (let start = 0; start < this.#bytes.byteLength; ) {
			const end = this.#bytes.indexOf(END, start, "latin1");
			const name = this.#bytes.toString("latin1", start, end).replaceAll("\0", "/");
			const isAbsolute = this.#bytes.toString("latin1", end + 2, end + 3) === ABSOLUTE;
			start = end + 3;
			yield { name, path: isAbsolute ? `/${name}` : name === "" ? "." : name };
		}
	}
}

function keyOf(given: string | Uint8Array, option: string): string {
	if (typeof given !== "string" && !(given instanceof Uint8Array))
		throw invalidOption(option, "a path", given);
	const path = Buffer.from(given as Uint8Array).toString("latin1"); // text as well
	if (path === "" || path.includes("\0"))
		throw invalidOption(option, "a path, without NUL characters", textOf(path));
	if (looksLikeAddress(path)) {
		const problem = `"${textOf(path)}" in a list is an address, and a list has paths of this machine`;
		throw new InvalidOptionError(problem, { option });
	}
	const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
	if (segments.includes("..")) {
		const problem = `the path "${textOf(path)}" in a list has ".." in it, and could have no name in the archive`;
		throw new InvalidOptionError(problem, { option });
	}
	return segments.join("\0") + END + (path.startsWith("/") ? ABSOLUTE : RELATIVE);
}

function packed(keys: readonly string[]): Buffer {
	const bytes = Buffer.allocUnsafe(keys.reduce((sum, { length }) => sum + length, 0));
	let size = 0;
	let last = "";
	for (const key of keys) {
		if (key === last) continue;
		if (key.slice(0, -1) === last.slice(0, -1)) throw sameName(key.slice(0, -END.length - 1));
		size += bytes.write(key, size, "latin1");
		last = key;
	}
	return bytes.subarray(0, size);
}

function sameName(key: string): DuplicateEntryError {
	const name = textOf(key.replaceAll("\0", "/"));
	return new DuplicateEntryError(name, [name, `/${name}`]);
}

/** By UTF-16 code units, which in a byte string are its bytes. */
function compareBytes(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
