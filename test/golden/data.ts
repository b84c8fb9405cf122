const WORDS = [
	"the",
	"of",
	"archive",
	"bucket",
	"part",
	"über",
	"stream",
	"header",
	"1979",
	"ZIP64",
	"naïve",
	"end",
];

/** Text that compresses as text does, the same for the same seed; the generator is mulberry32. */
export function text(size: number, seed: number): Buffer {
	const bytes = Buffer.alloc(size);
	let state = seed;
	const below = (count: number): number => {
		state = (state + 0x6d2b_79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
	};
	for (let offset = 0; offset < size; ) {
		const word = WORDS[below(WORDS.length)] ?? "";
		const end = below(12) === 0 ? `-${below(100_000)}\n` : " ";
		offset += bytes.write(word + end, offset) || bytes.write(" ", offset);
	}
	return bytes;
}

const ZEROS = new Uint8Array(4 * 1024 * 1024);

export function* zeros(size: number): Generator<Uint8Array, void, void> {
	for (let left = size; left > 0; left -= ZEROS.byteLength)
		yield ZEROS.subarray(0, Math.min(left, ZEROS.byteLength));
}
