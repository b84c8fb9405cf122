// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.
import { linkSync, lstatSync, renameSync, unlinkSync } from "node:fs";

/**
 * How a draft gets its name. `exclusive`: whatever has the name by now stays, and it is an error. `replacing`: it takes the place of
 * that. In a directory that nobody else has had time to put anything into, it saves a call.
 *
 * @typedef {"exclusive" | "replacing"} Publishing
 */

/** Of file systems that have no hard links, or no more of them. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL"]);

/**
 * Gives a draft its name, in the same directory. If it fails, the draft is still there.
 *
 * @param {string | Buffer} draft
 * @param {string | Buffer} path
 * @param {Publishing} publishing
 */
export function publish(draft, path, publishing) {
	if (publishing === "replacing") return renameSync(draft, path);
	try {
		linkSync(draft, path);
	} catch (error) {
		const { code } = /** @type {NodeJS.ErrnoException} */ (error);
		if (!NO_LINKS.has(code ?? "")) throw error;
		// A rename would take the place of what is there: it is looked at once more, a moment before.
		if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
			throw Object.assign(new Error(`EEXIST: file already exists, link '${path}'`), { code: "EEXIST" });
		return renameSync(draft, path);
	}
	unlinkSync(draft);
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * A path for `node:fs`, which takes text faster than bytes.
 *
 * @param {string} byteString
 */
export function byteStringPath(byteString) {
	return ASCII.test(byteString) ? byteString : Buffer.from(byteString, "latin1");
}
