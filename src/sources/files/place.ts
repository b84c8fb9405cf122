import type { Stats } from "node:fs";
import { SourceError } from "../../errors.ts";
import { pathOf } from "./byte-paths.ts";
import { type DescriptorOptions, isOutOfDescriptors, withDescriptor } from "./descriptors.ts";
import { lstat, lstatNow, type Path } from "./file-system.ts";

/** Something on disk, and the way to it for calls of `node:fs`. */
export interface Place {
	/** Its path, as the caller knows it. For messages: by now the path may lead elsewhere. */
	readonly path: Path;
	/**
	 * Makes a blocking call.
	 *
	 * @param call - Gets a path that leads to this place, and to no other, until the call returns. Whether the last
	 *   step may be a link is for the call to say: `O_NOFOLLOW`, `lstat`.
	 */
	now<Result>(call: (path: Path) => Result): Result;
	/**
	 * Makes a call that takes its time. Where the process has no file descriptor left, it is made again. It may last for long, and
	 * make others, unless it has something to give back.
	 *
	 * @param call - Gets a path that leads to this place, and to no other, until the promise settles.
	 */
	later<Result>(call: (path: Path) => Promise<Result>, options?: DescriptorOptions<Result>): Promise<Result>;
	/**
	 * Keeps the way here open for another thread of this process, until {@link Place.letGo} is called, once for each time.
	 *
	 * @returns a path that leads to this place, and to no other, as a byte string; `undefined` if there is none.
	 */
	hold(): string | undefined;
	letGo(): void;
}

/**
 * A root, or a directory below it. What is in it is reached without following a link on the way: a directory
 * that has been replaced by a link is an error, never another place, whenever that happens.
 *
 * Names are byte strings (one character, one byte) of one segment, and neither `.` nor `..`.
 */
export interface Directory {
	directory(name: string): Directory;
	/** Something in it; itself, if the name is empty. */
	place(name: string): Place;
	/** Opens it with blocking calls and looks at it. */
	statNow(): Stats;
	/** Nothing in it is needed for now. Whoever comes back all the same pays for opening it again. */
	release(): void;
	/** The same for all directories of its root, and from now on. */
	releaseAll(): void;
}

/** A path that is taken as it is, links and all: the caller named it. */
export function namedPlace(path: Path): Place {
	return {
		path,
		now: (call) => call(path),
		later: (call, options) =>
			withDescriptor((served) => {
				if (options?.giveBack === undefined) served();
				return call(path);
			}, options),
		hold: () => Buffer.from(path).toString("latin1"),
		letGo() {},
	};
}

/**
 * The file in a place, without following a link.
 *
 * @param blocking - With a blocking call, which takes less time than waiting for another thread.
 */
export function lookAt(place: Place, blocking: boolean): Stats | Promise<Stats> {
	if (!blocking) return place.later(lstat);
	try {
		return place.now(lstatNow);
	} catch (error) {
		if (isOutOfDescriptors(error)) return place.later(lstat);
		throw error;
	}
}

/** A byte string as text. */
export function textOf(byteString: string): string {
	return pathOf(byteString).toString();
}

/** The beginning of all paths in a directory. */
export function startOfPaths(directory: string): string {
	return directory.endsWith("/") ? directory : `${directory}/`;
}

/** The directory has become something else, a link for instance. */
export function replacedDirectory(origin: string): SourceError {
	const message = `${origin} is no longer the same directory: it was replaced during the run, and its replacement is not read`;
	return new SourceError("SOURCE_CHANGED", message, { origin });
}

/** A system's error about a path that leads to a place, as one about where the place is. */
export function withPath(error: NodeJS.ErrnoException, path: string): Error {
	const { path: opened } = error;
	if (opened === undefined) return error;
	error.path = path;
	error.message = error.message.replaceAll(opened, () => path);
	if (error.stack !== undefined) error.stack = error.stack.replaceAll(opened, () => path);
	return error;
}
