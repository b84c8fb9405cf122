import { setTimeout as delay } from "node:timers/promises";

type Chunks = AsyncIterable<Uint8Array>;

/** The first `size` bytes. */
export async function* firstBytes(chunks: Chunks, size: number): AsyncGenerator<Uint8Array, void, void> {
	let left = size;
	for await (const chunk of chunks) {
		yield chunk.subarray(0, left);
		left -= chunk.byteLength;
		if (left <= 0) return;
	}
}

/** The bytes, one of them with its lowest bit turned. */
export async function* flipByte(chunks: Chunks, offset: number): AsyncGenerator<Uint8Array, void, void> {
	let position = 0;
	for await (const chunk of chunks) {
		const at = offset - position;
		position += chunk.byteLength;
		if (at < 0 || at >= chunk.byteLength) yield chunk;
		else yield Buffer.from(chunk).fill((chunk[at] ?? 0) ^ 1, at, at + 1);
	}
}

/** The bytes, no faster than that. */
export async function* throttle(
	chunks: Chunks,
	bytesPerSecond: number,
): AsyncGenerator<Uint8Array, void, void> {
	const step = Math.max(1, Math.ceil(bytesPerSecond / 20));
	for await (const chunk of chunks) {
		for (let offset = 0; offset < chunk.byteLength; offset += step) {
			const piece = chunk.subarray(offset, offset + step);
			yield piece;
			await delay((piece.byteLength / bytesPerSecond) * 1000);
		}
	}
}

/** The bytes, and how many of them each time. */
export async function* counted(
	chunks: Chunks,
	count: (size: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
	for await (const chunk of chunks) {
		count(chunk.byteLength);
		yield chunk;
	}
}

export async function collect(chunks: Chunks): Promise<Buffer> {
	const collected: Uint8Array[] = [];
	for await (const chunk of chunks) collected.push(chunk);
	return Buffer.concat(collected);
}
