import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { READERS } from "./all.ts";
import type { Reader } from "./reader.ts";

/** Which readers there are on this machine. */
export interface Readers {
	readonly present: readonly { readonly reader: Reader; readonly version: string }[];
	/** Names of the others. */
	readonly missing: readonly string[];
}

export async function findReaders(): Promise<Readers> {
	const found = await Promise.all(
		READERS.map(async (reader) => ({ reader, version: await reader.version() })),
	);
	return {
		present: found.flatMap(({ reader, version }) => (version === undefined ? [] : [{ reader, version }])),
		missing: found.filter(({ version }) => version === undefined).map(({ reader }) => reader.name),
	};
}

/**
 * Takes the mask off that readers apply to the modes they restore, which are compared to the bit, and has
 * the readers compile what they need.
 *
 * @returns Removes what they compiled.
 */
export async function prepareReaders({ present }: Readers): Promise<() => Promise<void>> {
	process.umask(0);
	const directory = await mkdtemp(join(tmpdir(), "zipferry-readers-"));
	for (const [index, { reader }] of present.entries()) {
		if (reader.prepare === undefined) continue;
		const own = join(directory, `${index}`);
		await mkdir(own);
		await reader.prepare(own);
	}
	return () => rm(directory, { recursive: true, force: true });
}
