import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../../errors.ts";

/** Bytes. */
const LARGEST = 64 * 1024;

/** Others may read what containers mount here: that is how it is made. */
const MOUNTED = /^\/(var\/)?run\/secrets\//;

/** A FIFO that nobody writes to would be waited for; Windows has none. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** What a `file:` stands for. */
export type SecretFile =
	| { readonly text: string; readonly warning: string | undefined }
	| { readonly problem: string };

/**
 * Reads a secret, without the white space around it.
 *
 * @param reference - `file:/path`, or with a path from the directory of the config.
 */
export function readSecretFile(reference: string, directory: string): SecretFile {
	try {
		const path = reference.startsWith("file://")
			? fileURLToPath(reference)
			: resolve(directory, reference.slice("file:".length));
		return readSecret(path);
	} catch (error) {
		return { problem: `cannot be read: ${messageOf(error)}` };
	}
}

function readSecret(path: string): SecretFile {
	const descriptor = openSync(path, WITHOUT_WAITING);
	try {
		const { mode, size } = fstatSync(descriptor);
		if ((mode & 0o170000) !== 0o100000) return { problem: `names ${path}, which is no file` };
		if (size > LARGEST) return { problem: `names ${path}, which is too large for a secret` };
		const text = readFileSync(descriptor, "utf8").trim();
		if (text === "") return { problem: `names ${path}, which is empty` };
		const open = (mode & 0o007) !== 0 && process.platform !== "win32" && !MOUNTED.test(path);
		return { text, warning: open ? `${path} is open to all users; chmod 600 closes it` : undefined };
	} finally {
		closeSync(descriptor);
	}
}
