/**
 * Numbers as ZIP writes them, for code that reads some of each of many records: a `DataView` for each would cost more than the reading.
 * What lies behind the end is 0.
 */
export function u16At(bytes: Uint8Array, at: number): number {
	return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

export function u32At(bytes: Uint8Array, at: number): number {
	return (u16At(bytes, at) | (u16At(bytes, at + 2) << 16)) >>> 0;
}
