import { createCipheriv } from "node:crypto";

/** Bytes that no compression makes smaller, the same for the same seed. */
export function noise(size: number, seed = 0): Buffer {
	const iv = Buffer.alloc(16);
	iv.writeUInt32BE(seed);
	return createCipheriv("aes-128-ctr", Buffer.alloc(16, 7), iv).update(Buffer.alloc(size));
}

/** Bytes that compress well and differ everywhere: numbered lines. */
export function lines(size: number): Buffer {
	const bytes = Buffer.alloc(size);
	for (let offset = 0, line = 0; offset < size; line++)
		offset += bytes.write(`line ${line} of many\n`, offset);
	return bytes;
}

/** Bytes written as hex, with white space between fields. */
export function hex(...fields: readonly string[]): Buffer {
	return Buffer.from(fields.join("").replaceAll(/\s+/g, ""), "hex");
}

export async function collect(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
	const collected: Uint8Array[] = [];
	for await (const chunk of chunks) collected.push(chunk);
	return Buffer.concat(collected);
}

/** Cuts bytes into chunks of the given lengths, over and over; a length of 0 gives an empty chunk. */
export function* cut(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array, void, void> {
	if (!lengths.some((length) => length > 0)) {
		yield bytes;
		return;
	}
	for (let offset = 0, turn = 0; offset < bytes.byteLength; turn++) {
		const length = lengths[turn % lengths.length] ?? 0;
		yield bytes.subarray(offset, offset + length);
		offset += length;
	}
}
