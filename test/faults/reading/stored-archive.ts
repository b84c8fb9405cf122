import { createHash } from "node:crypto";
import { noise } from "../../support/bytes.ts";
import { handMadeArchive } from "../../support/hand-made-archive.ts";

const FIRST = "first.bin";
const LAST = "last.bin";

/** An archive that takes four requests to be read, and what it has to give. */
export interface StoredArchive {
	readonly bytes: Buffer;
	/** Entries that are read; the others are listed. */
	readonly contents: Readonly<Record<string, string>>;
	/** Hash of these, one behind the other. */
	readonly joined: string;
	/** Hash of the names of all. */
	readonly names: string;
}

export function hashOf(chunks: readonly (Uint8Array | string)[]): string {
	const hash = createHash("sha256");
	for (const chunk of chunks) hash.update(chunk);
	return hash.digest("hex");
}

/** With a directory that does not fit into the end that is read first, between two entries of a megabyte. */
export function storedArchive(): StoredArchive {
	const many = Array.from({ length: 1_500 }, (_, at) => ({
		name: `directory/${at}`,
		comment: "a comment that takes room in the directory, and more of it",
	}));
	const [first, last] = [noise(1_000_000), noise(1_100_000)];
	const entries = [{ name: FIRST, content: first }, ...many, { name: LAST, content: last }];
	return {
		bytes: handMadeArchive(entries),
		contents: { [FIRST]: hashOf([first]), [LAST]: hashOf([last]) },
		joined: hashOf([first, last]),
		names: hashOf(entries.map(({ name }) => name)),
	};
}
