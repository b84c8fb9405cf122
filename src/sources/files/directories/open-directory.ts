import { closeSync, constants, type Stats } from "node:fs";
import { pathOf } from "../byte-paths.ts";
import { type DescriptorOptions, isOutOfDescriptors, withDescriptor } from "../descriptors.ts";
import { errorCode, fstatNow, open, openNow, type Path } from "../file-system.ts";
import { type Directory, type Place, replacedDirectory, startOfPaths, textOf, withPath } from "../place.ts";

/** More than most trees are deep, and few of the descriptors that a process may have. */
const MAX_KEPT_OPEN = 64;

/** In place of a descriptor. */
const CLOSED = -1;

/** State that the directories below one root share. */
interface Tree {
	readonly followLinks: boolean;
	/** The path under which this process finds its descriptors. */
	readonly descriptors: string;
	/** Directories that stay open while nobody uses them, in the order in which they were opened. */
	readonly kept: Set<OpenDirectory>;
	/** How many of those there may be. */
	maxKept: number;
}

/** A directory that may be reached through links itself. */
export function openRoot(path: string, followLinks: boolean, descriptors: string): Directory {
	return new OpenDirectory({ followLinks, descriptors, kept: new Set(), maxKept: MAX_KEPT_OPEN }, path);
}

/**
 * A directory that is opened through the descriptor of the one above, and not if it is a link. What is in it is
 * reached through its own descriptor. It is closed and opened again as descriptors allow: that may find another
 * directory in its place, which is as good, but follows no link either.
 */
class OpenDirectory implements Directory {
	readonly #tree: Tree;
	/** As a byte string. */
	readonly #path: string;
	readonly #name: string;
	readonly #above: OpenDirectory | undefined;
	#descriptor = CLOSED;
	/** Calls that are under way, here or on the way to a directory below. */
	#users = 0;

	/** @param name - The path, for a root. */
	constructor(tree: Tree, name: string, above?: OpenDirectory) {
		this.#tree = tree;
		this.#name = name;
		this.#above = above;
		this.#path = above === undefined ? name : startOfPaths(above.#path) + name;
	}

	directory(name: string): Directory {
		return new OpenDirectory(this.#tree, name, this);
	}

	place(name: string): Place {
		return new PlaceBelow(this, name);
	}

	statNow(): Stats {
		this.#enterNow();
		try {
			return fstatNow(this.#descriptor);
		} finally {
			this.letGo();
		}
	}

	release(): void {
		this.#tree.kept.delete(this);
		this.#closeUnused();
	}

	releaseAll(): void {
		this.#tree.maxKept = 0;
		this.#keepFew();
	}

	shownPath(name: string): Path {
		return pathOf(name === "" ? this.#path : startOfPaths(this.#path) + name);
	}

	now<Result>(name: string, call: (path: Path) => Result): Result {
		this.#enterNow();
		try {
			return call(this.#through(name));
		} catch (error) {
			throw this.#failure(error, name);
		} finally {
			this.letGo();
		}
	}

	later<Result>(
		name: string,
		call: (path: Path) => Promise<Result>,
		options?: DescriptorOptions<Result>,
	): Promise<Result> {
		return withDescriptor(async (served) => {
			await this.#enter();
			if (options?.giveBack === undefined) served();
			try {
				return await call(this.#through(name));
			} catch (error) {
				throw this.#failure(error, name);
			} finally {
				this.letGo();
			}
		}, options);
	}

	/** A path by which threads of this process reach something in it, while it is held. */
	hold(name: string): string | undefined {
		try {
			this.#enterNow();
			return `${this.#tree.descriptors}${this.#descriptor}/${name}`;
		} catch {
			return undefined; // whoever opens it in the ordinary way has the words for it
		}
	}

	/** Opens what is closed on the way here, and becomes a user. */
	#enterNow(): void {
		if (this.#descriptor !== CLOSED) this.#users += 1;
		else for (const closed of this.#entering()) closed.#descriptor = closed.#openNow();
	}

	async #enter(): Promise<void> {
		for (const closed of this.#entering()) {
			const descriptor = await closed.#open();
			if (closed.#descriptor === CLOSED) closed.#descriptor = descriptor;
			else closeSync(descriptor); // another call has opened it meanwhile, and may close it as soon as we wait
		}
	}

	/** Yields what is closed on the way here, from above, for the caller to open. Each is held until the next one is. */
	*#entering(): Generator<OpenDirectory, void, void> {
		const { kept } = this.#tree;
		const way: OpenDirectory[] = [];
		let top: OpenDirectory | undefined = this;
		for (; top !== undefined; top = top.#descriptor === CLOSED ? top.#above : undefined) way.push(top);
		let above: OpenDirectory | undefined;
		for (const directory of way.reverse()) {
			try {
				if (directory.#descriptor === CLOSED) yield directory;
				directory.#users += 1;
			} finally {
				if (above !== undefined) above.letGo();
			}
			kept.add(directory);
			this.#keepFew();
			above = directory;
		}
	}

	/** Ends what `hold` or entering began. */
	letGo(): void {
		this.#users -= 1;
		this.#closeUnused();
	}

	#closeUnused(): void {
		if (this.#users > 0 || this.#descriptor === CLOSED || this.#tree.kept.has(this)) return;
		closeSync(this.#descriptor);
		this.#descriptor = CLOSED;
	}

	#keepFew(): void {
		const { kept, maxKept } = this.#tree;
		for (const oldest of kept) {
			if (kept.size <= maxKept) return;
			kept.delete(oldest);
			oldest.#closeUnused();
		}
	}

	/** Leads to something in it, while it is open. */
	#through(name: string): Path {
		return pathOf(name, `${this.#tree.descriptors}${this.#descriptor}/`);
	}

	get #wayIn(): Path {
		return this.#above === undefined ? pathOf(this.#path) : this.#above.#through(this.#name);
	}

	get #flags(): number {
		const mayBeLink = this.#above === undefined || this.#tree.followLinks;
		return constants.O_RDONLY | constants.O_DIRECTORY | (mayBeLink ? 0 : constants.O_NOFOLLOW);
	}

	#openNow(): number {
		try {
			return openNow(this.#wayIn, this.#flags);
		} catch (error) {
			throw this.#openFailure(error);
		}
	}

	async #open(): Promise<number> {
		try {
			return await open(this.#wayIn, this.#flags);
		} catch (error) {
			throw this.#openFailure(error);
		}
	}

	#openFailure(error: unknown): unknown {
		// A link as well is no directory to O_DIRECTORY.
		const replaced = errorCode(error) === "ENOTDIR" && this.#above !== undefined;
		return replaced ? replacedDirectory(textOf(this.#path)) : this.#failure(error, "");
	}

	/** The same error with the path that the caller knows. Where descriptors are scarce, none are kept. */
	#failure(error: unknown, name: string): unknown {
		if (isOutOfDescriptors(error)) this.releaseAll();
		return error instanceof Error ? withPath(error, this.shownPath(name).toString()) : error;
	}
}

/** Something in a directory, or the directory itself. */
class PlaceBelow implements Place {
	readonly #directory: OpenDirectory;
	readonly #name: string;

	constructor(directory: OpenDirectory, name: string) {
		this.#directory = directory;
		this.#name = name;
	}

	get path(): Path {
		return this.#directory.shownPath(this.#name);
	}

	now<Result>(call: (path: Path) => Result): Result {
		return this.#directory.now(this.#name, call);
	}

	later<Result>(call: (path: Path) => Promise<Result>, options?: DescriptorOptions<Result>): Promise<Result> {
		return this.#directory.later(this.#name, call, options);
	}

	hold(): string | undefined {
		return this.#directory.hold(this.#name);
	}

	letGo(): void {
		this.#directory.letGo();
	}
}
