import type { MakeSettings } from "../options.ts";
import type { CrcCache } from "./crc-cache.ts";

/** The options of an archive that have a meaning without compression. */
export interface LayoutSettings
	extends Omit<MakeSettings, "method" | "level" | "compressConcurrency" | "skipErrors" | "strict"> {
	/** Remembers the CRC-32 of what was read. */
	readonly crcCache: CrcCache;
}
