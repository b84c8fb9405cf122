import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./file-system.ts";

/**
 * Makes a directory and those on the way to it, as far as they are not there.
 *
 * `mkdir` of Node.js with `recursive` does the same, but never ends where a directory is there and nothing can be made in it, and the
 * system says that it is not there: below `/proc`, for one.
 *
 * @param mode - Of each directory that is made.
 * @returns the topmost directory that was made; `undefined` if all were there.
 * @throws the error of the system.
 */
export async function makeDirectories(path: string, mode = 0o777): Promise<string | undefined> {
	try {
		await mkdir(path, { mode });
		return path;
	} catch (error) {
		if (await isDirectory(path)) return undefined;
		if (errorCode(error) !== "ENOENT") throw error;
		const above = dirname(path);
		if (above === path) throw error;
		const first = await makeDirectories(above, mode);
		return (await madeMeanwhile(path, mode)) ? (first ?? path) : first;
	}
}

/** Whether it was made here, and not by somebody else. */
async function madeMeanwhile(path: string, mode: number): Promise<boolean> {
	try {
		await mkdir(path, { mode });
		return true;
	} catch (error) {
		if (await isDirectory(path)) return false;
		throw error;
	}
}

async function isDirectory(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isDirectory();
	} catch {
		return false;
	}
}
