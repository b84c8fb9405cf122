import { MiB } from "../../bytes/units.ts";

/** Largest value of a 16-bit field; in a count, the sign that ZIP64 holds the real one (APPNOTE 4.4.1.4). */
export const U16_MAX = 0xffff;
/** Largest value of a 32-bit field; in a size or offset, the sign that ZIP64 holds the real one (APPNOTE 4.4.1.4). */
export const U32_MAX = 0xffff_ffff;

/**
 * Bytes of an entry that are compressed as one unit.
 *
 * An entry that fits has its CRC-32 and sizes in the local header; a longer one needs a data descriptor.
 * Larger blocks cost memory per core, smaller ones cost compression ratio and calls: 1 MiB measured best.
 * The value is part of the archive's bytes: changing it changes every archive of larger entries.
 */
export const BLOCK_SIZE: number = MiB;

/**
 * Whether an entry of this many bytes may reach 0xFFFFFFFF compressed or not. With a margin: a file just
 * below costs 20 bytes, a wrong guess would cost the archive.
 */
export function mayExceed32Bits(size: number): boolean {
	return size + size / 256 + 1024 >= U32_MAX;
}
