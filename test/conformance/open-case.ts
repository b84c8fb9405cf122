import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases/case.ts";
import { makeArchive } from "./make-archive.ts";
import type { Reader } from "./readers/reader.ts";
import { tryReader } from "./try-reader.ts";

/** The archive of a case, ready to be shown to readers. */
export interface OpenCase {
	/** @returns What is wrong; empty if nothing is. */
	show(reader: Reader): Promise<string[]>;
	/** Removes the archive and its source. */
	close(): Promise<void>;
}

/** Makes the source of a case and the archive of it. */
export async function openCase(one: Case): Promise<OpenCase> {
	const directory = await mkdtemp(join(tmpdir(), "zipferry-conformance-"));
	const close = () => rm(directory, { recursive: true, force: true });
	try {
		const tree = join(directory, "source");
		await mkdir(tree);
		await chmod(tree, 0o700);
		const source = await one.make(tree);
		const archive = join(directory, "archive.zip");
		await makeArchive(source, archive);
		return { show: (reader) => tryReader(reader, one, source, archive, directory), close };
	} catch (error) {
		await close();
		throw error;
	}
}
