import { closeSync, constants, fchmodSync, futimesSync, mkdirSync } from "node:fs";
import { errorCode, openNow } from "../../sources/files/file-system.ts";
import type { Directory } from "../../sources/files/place.ts";
import { targetError } from "./target-error.ts";
import { removeStaleDrafts } from "./write/stale-drafts.ts";

/** A directory of the target that is there. */
export interface TargetDirectory {
	readonly directory: Directory;
	/** Below the target, as a byte string; empty for the target itself. */
	readonly path: string;
	/** It was made in this run, so that nobody has had time to put anything into it. */
	readonly isNew: boolean;
}

/** Directories that are known to be there; a tree is not often wider and deeper at once. */
const MOST_KNOWN = 256;

/** For who makes it, until everything is in it and its own permissions are set. */
const PRIVATE = 0o700;
const USUAL = 0o777;

/**
 * The directories of a target, made as they are needed. Each is reached through the one above, and never through a link: also where
 * somebody puts one into the place of a directory during the run.
 */
export class TargetTree {
	/** In the order in which they were used. */
	readonly #known = new Map<string, TargetDirectory>();
	readonly #root: TargetDirectory;
	readonly #onLocalDisk: boolean;

	#letGo: () => void = () => {};

	/** @param onLocalDisk - Whether only this machine can write to it. */
	constructor(root: Directory, isNew: boolean, onLocalDisk: boolean) {
		this.#onLocalDisk = onLocalDisk;
		if (!isNew) removeStaleDrafts(root, onLocalDisk);
		this.#root = { directory: root, path: "", isNew };
		// Held open to the end: its path, which may lead through links, is followed once.
		const pinned = root.place("").later(
			() =>
				new Promise<void>((resolve) => {
					this.#letGo = resolve;
				}),
		);
		pinned.catch(() => {}); // what cannot be opened shows when it is written to
	}

	/** The directory that a path is in. */
	above(path: string): TargetDirectory {
		const slash = path.lastIndexOf("/");
		return slash < 0 ? this.#root : this.enter(path.slice(0, slash));
	}

	/**
	 * A directory, made if it is not there.
	 *
	 * @param isPrivate - Nobody else may look into it until it gets its permissions.
	 */
	enter(path: string, isPrivate = false): TargetDirectory {
		const known = this.#known.get(path);
		if (known !== undefined) {
			this.#known.delete(path);
			this.#known.set(path, known);
			return known;
		}
		const parent = this.above(path);
		const name = path.slice(path.lastIndexOf("/") + 1);
		const isNew = make(parent.directory, name, isPrivate ? PRIVATE : USUAL);
		const entered = { directory: parent.directory.directory(name), path, isNew };
		if (!isNew) removeStaleDrafts(entered.directory, this.#onLocalDisk);
		this.#known.set(path, entered);
		this.#forgetOldest();
		return entered;
	}

	/** Sets permissions and time of a directory that is complete. */
	finish(path: string, mode: number | undefined, mtime: number): void {
		const place = this.above(path).directory.place(path.slice(path.lastIndexOf("/") + 1));
		try {
			place.now((wayIn) => {
				const fd = openNow(wayIn, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
				try {
					futimesSync(fd, mtime, mtime);
					if (mode !== undefined) fchmodSync(fd, mode);
				} finally {
					closeSync(fd);
				}
			});
		} catch (error) {
			throw targetError(place.path.toString(), error);
		}
	}

	close(): void {
		this.#letGo();
		this.#root.directory.releaseAll();
	}

	#forgetOldest(): void {
		if (this.#known.size <= MOST_KNOWN) return;
		const [oldest] = this.#known;
		if (oldest === undefined) return;
		this.#known.delete(oldest[0]);
		oldest[1].directory.release();
	}
}

/** @returns whether it was not there before. */
function make(parent: Directory, name: string, mode: number): boolean {
	const place = parent.place(name);
	try {
		place.now((path) => mkdirSync(path, mode));
		return true;
	} catch (error) {
		if (errorCode(error) === "EEXIST") return false; // if it is no directory, it cannot be entered
		throw targetError(place.path.toString(), error);
	}
}
