import { anySignal, underAnySignal } from "../async/any-signal.ts";
import { interruptible } from "../async/interruptible.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { destroyUnread, holdBackUnread } from "../sources/generated/unread-streams.ts";
import type { Source } from "../sources/source.ts";
import { CREATE_ZIP_SCHEMA, type CreateZipOptions, type CreateZipSettings } from "./options.ts";
import { openDestination } from "./output/open-destination.ts";
import type { ZipDestination } from "./output/zip-destination.ts";
import { type CreateZipResult, writeArchive } from "./write-archive.ts";

/**
 * Archives the sources into a file, a stream, or a function that takes the chunks. Sources and options
 * are those of `uploadZip`; no bucket is involved.
 *
 * Streams among the sources have been read or destroyed when it settles.
 *
 * @returns when the destination has received the whole archive; a file is on disk and in its place by then.
 * @throws {@link InvalidOptionError} for options out of range, before anything is read.
 * @throws {@link SourceError} for a source that is missing, unreadable or empty, or changes in a way that
 * cannot be archived.
 * @throws {@link DuplicateEntryError} if two sources give the same name.
 * @throws {@link DestinationError} for a file that cannot be written, or exists and must stay. Errors of a stream or function are passed on unchanged.
 *
 * @example
 * ```ts
 * const photos = await createZip("./photos", "photos.zip");
 * const piped = await createZip(["./src", "./docs"], process.stdout, { method: "store" });
 * ```
 */
export async function createZip(
	sources: Source | readonly Source[],
	destination: ZipDestination,
	options: CreateZipOptions = {},
): Promise<CreateZipResult> {
	holdBackUnread(sources);
	try {
		const settings = resolveOptions(CREATE_ZIP_SCHEMA, options);
		return await underAnySignal([settings.signal], (signal) =>
			writeTo(destination, sources, { ...settings, signal }, signal),
		);
	} finally {
		destroyUnread(sources);
	}
}

/** @param signal - The caller's. */
async function writeTo(
	destination: ZipDestination,
	sources: Source | readonly Source[],
	settings: CreateZipSettings,
	signal: AbortSignal,
): Promise<CreateZipResult> {
	const ending = new AbortController();
	const archiving = anySignal(signal, ending.signal);
	const opened = await openDestination(destination, settings.noClobber);
	const { ownPaths, memory, write } = opened;
	const own = { omit: [...settings.omit, ...ownPaths], signal: archiving.signal };
	let writes = false;
	try {
		return await writeArchive(sources, { ...settings, ...own }, memory, (chunks, onEvent) => {
			writes = true;
			// A destination that fails, or has enough, does not wait for a source that is slow.
			const stoppable = interruptible(chunks, () => ending.abort());
			return write(stoppable, signal, onEvent);
		});
	} catch (error) {
		if (!writes) await opened.abandon(error);
		throw error;
	} finally {
		archiving.release();
	}
}
