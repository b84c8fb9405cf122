import { MiB } from "../../../bytes/units.ts";
import type { ZipferryEventListener } from "../../../events.ts";
import { type OptionSchema, schemaOf, withDefault } from "../../../options/field.ts";
import { byteSize, callback } from "../../../options/kinds.ts";

/** How many CRC-32s are remembered. */
export interface CrcCacheOptions {
	/**
	 * Bytes that they may take, in memory or in the file, at least 64 KiB. A content takes 32 to 48, and as much again for
	 * each MiB of it if it is larger than that.
	 *
	 * @defaultValue 64 MiB: more than a million files, or a TiB of large ones
	 */
	readonly maxSize?: number | undefined;
}

const FIELDS = { maxSize: withDefault(byteSize(64 * 1024), 64 * MiB) };

export const MEMORY_CRC_CACHE_SCHEMA: OptionSchema<CrcCacheOptions, "maxSize"> = schemaOf<
	CrcCacheOptions,
	"maxSize"
>()(FIELDS);

/** How CRC-32s are remembered in a file. */
export interface OpenCrcCacheOptions extends CrcCacheOptions {
	/** Gets a warning if the file cannot be used. */
	readonly onEvent?: ZipferryEventListener | undefined;
}

export const OPEN_CRC_CACHE_SCHEMA: OptionSchema<OpenCrcCacheOptions, "maxSize" | "onEvent"> = schemaOf<
	OpenCrcCacheOptions,
	"maxSize" | "onEvent"
>()({ ...FIELDS, onEvent: withDefault(callback<ZipferryEventListener>(), () => () => {}) });
