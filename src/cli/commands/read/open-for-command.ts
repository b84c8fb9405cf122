import type { Archive } from "../../../reader/archive.ts";
import type { OpenArchiveOptions } from "../../../reader/options.ts";
import type { Io } from "../../terminal/io.ts";
import { storageEvents } from "../../terminal/storage-events.ts";
import { type FindValues, foundArchive } from "../archives/found-archive.ts";
import { noticeArchives } from "../connect-notices.ts";

/**
 * Opens the archive that a command reads, and closes it when that is done.
 *
 * @param word - As it was typed.
 */
export async function withArchive<Result>(
	word: string,
	settings: Omit<OpenArchiveOptions, "signal" | "onEvent">,
	values: FindValues,
	io: Io,
	use: (archive: Archive) => Promise<Result>,
): Promise<Result> {
	noticeArchives([word], values, io);
	const location = await foundArchive(word, values, io);
	const { openArchive } = await import("../../../reader/open-archive.ts");
	const onEvent = storageEvents(values, io);
	const archive = await openArchive(location, { ...settings, signal: io.signal, onEvent });
	try {
		return await use(archive);
	} finally {
		await archive.close();
	}
}
