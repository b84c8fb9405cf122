/** Bytes that a Zstandard frame of `size` bytes has at most: 3 for each block of up to 128 KiB, and its header. */
export function zstdBound(size: number): number {
	return size + Math.ceil(size / 256) + 64;
}
