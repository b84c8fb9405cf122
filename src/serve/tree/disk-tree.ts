import type { Stats } from "node:fs";
import { basename, resolve } from "node:path";
import { mapInOrder } from "../../async/map-in-order.ts";
import { SourceError } from "../../errors.ts";
import { describeSpecial } from "../../sources/files/describe-file.ts";
import { DIRECTORY, nameOf, typeOf } from "../../sources/files/directories/listing.ts";
import { readDirectory } from "../../sources/files/directories/read-directory.ts";
import { rootDirectory } from "../../sources/files/directories/root-directory.ts";
import { errorCode, lstat } from "../../sources/files/file-system.ts";
import { createFilter, type Filter, type FilterLists } from "../../sources/files/filter.ts";
import { type Directory, textOf } from "../../sources/files/place.ts";
import { rangedFile } from "../../sources/files/reading/ranged-file.ts";
import { isReadable } from "../../sources/files/reading/readable.ts";
import type { RangedContent } from "../../sources/ranged-content.ts";
import type { Source } from "../../sources/source.ts";
import { sortByName } from "./name-order.ts";
import type { FolderListing, ServedItem, ServedPath, ServedTree } from "./served-tree.ts";

/** Nothing is there; or a link or a file where a folder would have to be. */
const MISSING = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EINVAL"]);

const LOOKS = 32;

/**
 * A directory, whose path may lead through links; below it none is followed. Whatever becomes a link meanwhile leads nowhere:
 * each directory is opened through the one above.
 */
export class DiskTree implements ServedTree {
	readonly title: string;
	readonly #root: string;
	readonly #filter: Filter;

	constructor(root: string, filters: FilterLists) {
		this.#root = resolve(root);
		this.#filter = createFilter(filters);
		this.title = basename(this.#root) || this.#root;
	}

	async look(
		path: ServedPath,
		_asFolder: boolean,
		signal: AbortSignal,
	): Promise<RangedContent | "folder" | undefined> {
		const name = path.at(-1);
		if (name === undefined) return "folder";
		const above = this.#directory(path.slice(0, -1));
		try {
			const stats = await above.place(name).later(lstat);
			if (!this.#shows(path, stats.isDirectory())) return undefined;
			if (stats.isDirectory()) return "folder";
			if (!stats.isFile()) return undefined;
			const place = above.place(name);
			return await rangedFile(place, { origin: place.path.toString(), followSymlinks: false, signal });
		} catch (error) {
			return missing(error);
		} finally {
			above.releaseAll();
		}
	}

	async list(path: ServedPath): Promise<FolderListing | undefined> {
		if (!this.#shows(path, true)) return undefined;
		const directory = this.#directory(path);
		try {
			const how = { blocking: false, size: 0, followLinks: false };
			const listing = await readDirectory(directory.place(""), how);
			const folders: { readonly name: string }[] = [];
			const others: { readonly name: string }[] = [];
			for (let next = listing.head; next !== undefined; next = listing.head) {
				listing.advance();
				const isFolder = typeOf(next) === DIRECTORY;
				const name = nameOf(next);
				if (this.#shows([...path, name], isFolder)) (isFolder ? folders : others).push({ name });
			}
			const names = [...sortByName(folders), ...sortByName(others)];
			return { items: () => itemsOf(directory, names), close: () => directory.releaseAll() };
		} catch (error) {
			directory.releaseAll();
			return missing(error);
		}
	}

	source(path: ServedPath): Source {
		if (path.length === 0) return { path: this.#root, as: "" };
		return { path: this.#root, below: Buffer.from(path.join("/"), "latin1") };
	}

	close(): void {}

	#directory(path: ServedPath): Directory {
		const root = rootDirectory(Buffer.from(this.#root), false);
		return path.reduce((directory, name) => directory.directory(name), root);
	}

	/** Whether filters let it through. A folder is there for what is in it. */
	#shows(path: ServedPath, isFolder: boolean): boolean {
		if (path.length === 0) return true;
		const text = textOf(path.join("/"));
		return isFolder
			? !this.#filter.excludes(`${text}/`)
			: !this.#filter.excludes(text) && this.#filter.includes(text);
	}
}

/** Looks at things while others of them are on their way to the reader. */
async function* itemsOf(
	directory: Directory,
	names: readonly { readonly name: string }[],
): AsyncGenerator<Iterable<ServedItem>, void, void> {
	const look = async ({ name }: { readonly name: string }): Promise<ServedItem | undefined> => {
		try {
			const stats = await directory.place(name).later(lstat);
			if (stats.isFile() && !(await isReadable(directory.place(name), stats)))
				return { name, kind: "other", what: "cannot be read" };
			return itemOf(name, stats);
		} catch (error) {
			if (missing(error) === undefined) return undefined; // gone meanwhile
			throw error;
		}
	};
	const limit = { count: LOOKS, weight: LOOKS, weigh: () => 1 };
	async function* batches() {
		yield names;
	}
	for await (const batch of mapInOrder(batches(), look, limit))
		yield [...batch].filter((item) => item !== undefined);
}

function itemOf(name: string, stats: Stats): ServedItem {
	const { size, mtimeMs } = stats;
	if (stats.isDirectory()) return { name, kind: "folder", mtimeMs };
	if (stats.isFile()) return { name, kind: "file", size, mtimeMs };
	return { name, kind: "other", what: stats.isSymbolicLink() ? "symbolic link" : describeSpecial(stats) };
}

/** `undefined` for what means that there is nothing; all other errors are thrown. */
function missing(error: unknown): undefined {
	if (error instanceof SourceError && error.code === "SOURCE_CHANGED") return undefined; // a link, or no directory any more
	if (!MISSING.has(errorCode(error) ?? "")) throw error;
	return undefined;
}
