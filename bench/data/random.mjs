import { createCipheriv } from "node:crypto";

/** Numbers from 0 up to, but without, 1; the same ones for the same seed (mulberry32). */
export function seededRandom(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b_79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const CHUNK = Buffer.alloc(1024 * 1024);

/** Yields `size` bytes that nothing can compress, the same ones for the same seed: an AES key stream. */
export function* randomBytes(size, seed) {
	const key = Buffer.alloc(32, `zipferry ${seed}`);
	const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
	for (let made = 0; made < size; made += CHUNK.byteLength) {
		yield cipher.update(CHUNK.subarray(0, Math.min(CHUNK.byteLength, size - made)));
	}
}
