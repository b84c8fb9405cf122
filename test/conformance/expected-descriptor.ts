import type { Descriptor } from "./entry-facts.ts";

const BLOCK_SIZE = 2 ** 20;

/**
 * What has to follow the data of an entry: nothing if it fits one block; sizes of 8 bytes if it may reach
 * 4 GiB, which cannot be known of a stream; 4 bytes otherwise.
 */
export function expectedDescriptor(size: number, sizeKnown: boolean): Descriptor {
	if (size <= BLOCK_SIZE) return "none";
	return !sizeKnown || size + size / 256 + 1024 >= 0xffff_ffff ? "8-byte sizes" : "4-byte sizes";
}
