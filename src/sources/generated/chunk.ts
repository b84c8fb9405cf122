import { isAnyArrayBuffer } from "node:util/types";

/** Text, which is encoded as UTF-8, or bytes. A typed array, or any other view, gives the bytes it shows. */
export type ContentChunk = string | ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

export function isChunk(value: unknown): value is ContentChunk {
	return typeof value === "string" || isBytes(value);
}

export function isBytes(value: unknown): value is Exclude<ContentChunk, string> {
	return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/** Bytes. */
export function chunkSize(chunk: ContentChunk): number {
	return typeof chunk === "string" ? Buffer.byteLength(chunk, "utf8") : chunk.byteLength;
}

/** The bytes of a chunk; those that are there already are not copied. */
export function bytesOf(chunk: ContentChunk): Uint8Array {
	if (typeof chunk === "string") return Buffer.from(chunk, "utf8");
	if (chunk instanceof Uint8Array) return chunk;
	return ArrayBuffer.isView(chunk)
		? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
		: new Uint8Array(chunk);
}
