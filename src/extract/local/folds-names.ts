import { closeSync, constants, lstatSync, openSync, unlinkSync } from "node:fs";
import { pathOf } from "../../sources/files/byte-paths.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { type Directory, startOfPaths } from "../../sources/files/place.ts";
import { byteStringOf } from "./byte-string.ts";
import { targetError } from "./target-error.ts";

/**
 * Whether a directory takes names for the same that differ in case only. It is tried out: on every system there are disks of both kinds.
 *
 * @param draft - A name for the trial, with letters in it.
 */
export function foldsNames(directory: Directory, draft: string): boolean {
	const place = directory.place("");
	try {
		return place.now((wayIn) => {
			const start = startOfPaths(byteStringOf(wayIn));
			const path = pathOf(start + draft);
			closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
			try {
				lstatSync(pathOf(start + draft.toUpperCase()));
				return true;
			} catch (error) {
				if (errorCode(error) === "ENOENT") return false;
				throw error;
			} finally {
				unlinkSync(path);
			}
		});
	} catch (error) {
		throw targetError(place.path.toString(), error);
	}
}

/** What a system does as a rule, where it cannot be tried out. */
export function usuallyFoldsNames(): boolean {
	return process.platform === "darwin" || process.platform === "win32";
}
