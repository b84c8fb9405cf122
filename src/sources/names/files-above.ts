import { DuplicateEntryError } from "../../zip/format/entry-name-errors.ts";

/** Something with a name, and where it is: worked out if there is something to say of it. */
interface Origin {
	readonly origin: string;
}

/** The names that the next ones may be below of: in a bucket `a` can be beside `a/b`, on a disk it cannot. */
export class FilesAbove {
	/** Each begins with the one before it. */
	readonly #paths: { readonly path: string; readonly of: Origin }[] = [];

	/**
	 * Adds the next path, in the order of the bytes.
	 *
	 * @throws {DuplicateEntryError} for one that is below a file
	 */
	add(path: string, of: Origin): void {
		while (!path.startsWith(this.#paths.at(-1)?.path ?? "")) this.#paths.pop();
		for (const file of this.#paths) {
			if (path.charAt(file.path.length) !== "/") continue;
			const reason = `"${file.path}" would be a file and a directory`;
			throw new DuplicateEntryError(file.path, [file.of.origin, of.origin], reason);
		}
		if (!path.endsWith("/")) this.#paths.push({ path, of });
	}
}
