import { type ArchiveLayout, layOutArchive } from "../archive/layout/archive-layout.ts";
import type { CrcCache } from "../archive/layout/crc-cache.ts";
import type { Source } from "../sources/source.ts";
import type { DescribeDownloadSettings } from "./options.ts";

/** @returns `undefined` if the bytes of the archive are not determined. */
export function layOutDownload(
	sources: readonly Source[],
	settings: DescribeDownloadSettings,
): Promise<ArchiveLayout | undefined> {
	const {
		method,
		level,
		compressConcurrency,
		skipErrors,
		strict,
		crcCache = cacheOfProcess(),
		...rest
	} = settings;
	return layOutArchive(sources, { ...rest, crcCache });
}

function cacheOfProcess(): CrcCache {
	throw new Error("not there yet");
}
