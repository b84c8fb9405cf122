import type { Archive } from "../../../reader/archive.ts";
import type { OpenArchiveOptions } from "../../../reader/options.ts";
import type { Io } from "../../terminal/io.ts";
import { type StorageTelling, storageEvents } from "../../terminal/storage-events.ts";
import { noticeArchives } from "../connect-notices.ts";

/**
 * Opens the archive that a command reads, and closes it when that is done.
 *
 * @param location - As it was typed.
 */
export async function withArchive<Result>(
	location: string,
	settings: Omit<OpenArchiveOptions, "signal" | "onEvent">,
	telling: StorageTelling & { readonly profile?: string | undefined },
	io: Io,
	use: (archive: Archive) => Promise<Result>,
): Promise<Result> {
	noticeArchives([location], telling, io);
	const { openArchive } = await import("../../../reader/open-archive.ts");
	const onEvent = storageEvents(telling, io);
	const archive = await openArchive(location, { ...settings, signal: io.signal, onEvent });
	try {
		return await use(archive);
	} finally {
		await archive.close();
	}
}
