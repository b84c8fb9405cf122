import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { describeSpecial } from "./describe-file.ts";
import { errorCode } from "./file-system.ts";

/**
 * The file that a new one may take the place of: where links lead to, so that they stay. Devices and pipes are refused:
 * `/dev/null` would be a file from then on, and a pipe is waited for.
 *
 * @throws {Error} with a message that fits behind a colon, and failures of the file system
 */
export async function fileToReplace(path: string): Promise<string> {
	try {
		const file = await realpath(path);
		const stats = await stat(file);
		if (stats.isFile()) return file;
		throw new Error(`it is a ${stats.isDirectory() ? "directory" : describeSpecial(stats)}`);
	} catch (error) {
		if (errorCode(error) !== "ENOENT") throw error;
		return resolve(path);
	}
}
