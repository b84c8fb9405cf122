import type { Stats } from "node:fs";
import { errorCode, lstatNow } from "../../sources/files/file-system.ts";
import { type Directory, type Place, textOf } from "../../sources/files/place.ts";

/** What is in the place of an entry. */
export type Found =
	| { readonly stats: Stats; readonly place: Place }
	/** Something on the way that is no directory. */
	| { readonly inTheWay: string };

/** A directory on the way to the path that was asked for last. */
interface Level {
	readonly name: string;
	/** `undefined` if there is none. */
	readonly directory: Directory | undefined;
	/** Whether there is something else instead. */
	readonly isOther: boolean;
}

/**
 * Looks at what is below a target, without following links. Remembers the way to the last path: entries come
 * directory by directory, and below a directory that is not there nothing has to be looked at.
 */
export class ExistingTree {
	readonly #root: Directory;
	readonly #levels: Level[] = [];

	constructor(root: Directory) {
		this.#root = root;
	}

	look(path: string): Found | undefined {
		const segments = path.split("/");
		const name = segments.pop() ?? "";
		let parent: Directory = this.#root;
		for (const [depth, segment] of segments.entries()) {
			const { directory, isOther } = this.#level(depth, segment, parent);
			if (isOther) return { inTheWay: textOf(segments.slice(0, depth + 1).join("/")) };
			if (directory === undefined) return undefined;
			parent = directory;
		}
		const place = parent.place(name);
		const stats = statsOf(place);
		return stats && { stats, place };
	}

	#level(depth: number, name: string, parent: Directory): Level {
		const known = this.#levels[depth];
		if (known?.name === name) return known;
		for (const { directory } of this.#levels.splice(depth)) directory?.release();
		const stats = statsOf(parent.place(name));
		const directory = stats?.isDirectory() ? parent.directory(name) : undefined;
		const level = { name, directory, isOther: stats !== undefined && directory === undefined };
		this.#levels.push(level);
		return level;
	}
}

function statsOf(place: Place): Stats | undefined {
	try {
		return place.now(lstatNow);
	} catch (error) {
		if (errorCode(error) === "ENOENT") return undefined;
		throw error;
	}
}
