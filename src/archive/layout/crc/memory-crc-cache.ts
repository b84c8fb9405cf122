import { resolveOptions } from "../../../options/resolve-options.ts";
import type { CrcCache } from "../crc-cache.ts";
import { type CrcCacheOptions, MEMORY_CRC_CACHE_SCHEMA } from "./options.ts";
import { IdentityKeys, RecentCrcs, WHOLE } from "./recent-crcs.ts";

/** Bytes that one CRC-32 takes in a table, with what is free of it. */
const CRC_SIZE = 48;

/**
 * Remembers the CRC-32s of contents until the process ends: those that were used of late, in so many bytes of memory.
 *
 * @throws {@link InvalidOptionError}
 */
export function memoryCrcCache(options: CrcCacheOptions = {}): CrcCache {
	const { maxSize } = resolveOptions(MEMORY_CRC_CACHE_SCHEMA, options);
	const keys = new IdentityKeys();
	const crcs = new RecentCrcs(Math.floor(maxSize / CRC_SIZE));
	return {
		get: (identity, piece = WHOLE) => crcs.get(keys.of(identity), piece),
		set: (identity, crc32, piece = WHOLE) => void crcs.set(keys.of(identity), piece, crc32),
		delete: (identity) => crcs.delete(keys.of(identity)),
		async close() {},
	};
}
