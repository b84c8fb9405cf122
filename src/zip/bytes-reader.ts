import type { EntryReader } from "./entry.ts";

/**
 * Reads what is in memory.
 *
 * @param onClose - Called once, when the bytes are not needed any more.
 */
export function bytesReader(bytes: Uint8Array, onClose: () => void = () => {}): EntryReader {
	let offset = 0;
	return {
		size: bytes.byteLength,
		read(into) {
			const piece = bytes.subarray(offset, offset + into.byteLength);
			into.set(piece);
			offset += piece.byteLength;
			return piece.byteLength;
		},
		close: onClose,
	};
}
