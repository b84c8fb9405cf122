import { type ArchiveLayout, layOutArchive } from "../archive/layout/archive-layout.ts";
import { memoryCrcCache } from "../archive/layout/crc/memory-crc-cache.ts";
import type { CrcCache } from "../archive/layout/crc-cache.ts";
import type { Source } from "../sources/source.ts";
import type { DescribeDownloadSettings } from "./options.ts";

/** @returns `undefined` if the bytes of the archive are not determined. */
export function layOutDownload(
	sources: readonly Source[],
	settings: DescribeDownloadSettings,
): Promise<ArchiveLayout | undefined> {
	const { method, level, compressConcurrency, skipErrors, strict, crcCache, ...rest } = settings;
	return layOutArchive(sources, { ...rest, crcCache: crcCache ?? cacheOfProcess() });
}

let shared: CrcCache | undefined;

/** All downloads of the process share it: the requests that resume one come by themselves. */
function cacheOfProcess(): CrcCache {
	shared ??= memoryCrcCache();
	return shared;
}
