import { crc32 } from "../bytes/crc32.ts";

/** Chooses some of a number of things, which are asked for one after the other, each once. */
export interface Sample {
	next(): boolean;
}

/**
 * Chooses exactly `wanted` of `count` things, each set of them as likely as any other, and the same ones for the same seed:
 * selection sampling (Knuth, TAOCP 3.4.2, algorithm S), which needs no memory.
 */
export function sampleOf(count: number, wanted: number, seed: string): Sample {
	const random = randomOf(crc32(Buffer.from(seed, "utf8")));
	let left = count;
	let needed = Math.min(wanted, count);
	return {
		next() {
			const chosen = random() * left < needed;
			left--;
			if (chosen) needed--;
			return chosen;
		},
	};
}

/** Numbers from 0 to 1, without 1, that look random: Mulberry32, of 32 bits of state. */
function randomOf(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b_79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
