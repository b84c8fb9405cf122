// Plain JavaScript, as it runs in a thread that is started from the sources as well as from the built package.

/** Where a program has its data, behind the two states of four words each. */
export const DATA_OFFSET = 64;

const WASM_HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const I32 = 0x7f;
const [LOOP, NO_RESULT, END, BRANCH_IF] = [0x03, 0x40, 0x0b, 0x0d];
const [ADD, AND, OR, XOR, ROTATE_LEFT, LESS_UNSIGNED] = [0x6a, 0x71, 0x72, 0x73, 0x77, 0x49];
/** All bits of the value before it turned round. */
const NOT = [0x41, 0x7f, XOR];

const get = (/** @type {number} */ local) => [0x20, local];
const set = (/** @type {number} */ local) => [0x21, local];
const keep = (/** @type {number} */ local) => [0x22, local];
const constant = (/** @type {number} */ value) => [0x41, ...signed(value | 0)];
const load = (/** @type {number} */ offset) => [0x28, 2, ...unsigned(offset)];
const store = (/** @type {number} */ offset) => [0x36, 2, ...unsigned(offset)];

/** Parameters, states and what both chains of a step have in common: local variables. */
const [DATA, DATA_END, COMMON] = [0, 1, 10];
const STATES = [
	[2, 3, 4, 5],
	[6, 7, 8, 9],
];

/** RFC 1321, 3.4: rotations and message words of the four rounds, constants of the 64 steps. */
const ROTATIONS = [
	[7, 12, 17, 22],
	[5, 9, 14, 20],
	[4, 11, 16, 23],
	[6, 10, 15, 21],
];
const WORDS = [
	(/** @type {number} */ step) => step % 16,
	(/** @type {number} */ step) => (5 * step + 1) % 16,
	(/** @type {number} */ step) => (3 * step + 5) % 16,
	(/** @type {number} */ step) => (7 * step) % 16,
];
const SINES = Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32));

/**
 * A WebAssembly module that takes two MD5 chains through the same data, step by step side by side. One chain
 * leaves most of a processor idle, as every step waits for the one before: the second costs nothing.
 *
 * It exports its memory `m` (two states of 16 bytes, then data) and `f(start, end)`, for whole blocks of 64
 * bytes and at least one.
 */
export function md5Program() {
	const code = [
		...states((local, offset) => [...constant(0), ...load(offset), ...set(local)]),
		...[LOOP, NO_RESULT],
		...SINES.flatMap((_, step) => bothSteps(step)),
		...states((local, offset) => [
			...[...constant(0), ...get(local), ...constant(0), ...load(offset)],
			...[ADD, ...keep(local), ...store(offset)],
		]),
		...[...get(DATA), ...constant(64), ADD, ...keep(DATA), ...get(DATA_END), LESS_UNSIGNED, BRANCH_IF, 0],
		...[END, END],
	];
	const body = [1, 9, I32, ...code]; // nine local variables behind the parameters
	return new Uint8Array([
		...WASM_HEADER,
		...section(1, [1, 0x60, 2, I32, I32, 0]), // type of the function
		...section(3, [1, 0]), // one function
		...section(5, [1, 0, 2]), // memory of 2 × 64 KiB
		...section(7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]), // exports m and f
		...section(10, [1, ...unsigned(body.length), ...body]),
	]);
}

/** @param {(local: number, offset: number) => number[]} each */
function states(each) {
	return STATES.flatMap((locals, chain) =>
		locals.flatMap((local, word) => each(local, 16 * chain + 4 * word)),
	);
}

/** @param {number} step From 0 to 63. */
function bothSteps(step) {
	const round = step >> 4;
	const word = WORDS[round]?.(step) ?? 0;
	const common = [...get(DATA), ...load(4 * word), ...constant(SINES[step] ?? 0), ADD, ...set(COMMON)];
	const rotation = ROTATIONS[round]?.[step % 4] ?? 0;
	return [...common, ...STATES.flatMap((locals) => oneStep(round, rotation, turned(locals, step % 4)))];
}

/**
 * a = b + ((a + f(b, c, d) + word + sine) rotated)
 *
 * The value b is that of the step before, and all wait for it: what does not need it comes first. So the two
 * halves of the second round's function, which have no bits in common, are added one by one instead of joined.
 *
 * @param {number} round
 * @param {number} rotation
 * @param {number[]} state
 */
function oneStep(round, rotation, [a = 0, b = 0, c = 0, d = 0]) {
	const mixed = [
		[...get(b), ...get(c), ...get(d), XOR, AND, ...get(d), XOR],
		[...get(c), ...get(d), ...NOT, AND, ADD, ...get(b), ...get(d), AND],
		[...get(b), ...get(c), ...get(d), XOR, XOR],
		[...get(b), ...get(d), ...NOT, OR, ...get(c), XOR],
	][round];
	const sum = [...get(a), ...get(COMMON), ADD, ...(mixed ?? []), ADD];
	return [...sum, ...constant(rotation), ROTATE_LEFT, ...get(b), ADD, ...set(a)];
}

/**
 * The words change their places with every step: a becomes b, and so on.
 *
 * @param {number[]} locals
 * @param {number} by
 */
function turned(locals, by) {
	return locals.map((_, index) => locals[(index - by + 4) % 4] ?? 0);
}

/**
 * @param {number} id
 * @param {number[]} content
 */
function section(id, content) {
	return [id, ...unsigned(content.length), ...content];
}

/** LEB128. @param {number} value */
function unsigned(value) {
	const bytes = [];
	for (let rest = value; ; rest >>>= 7) {
		if (rest < 0x80) return [...bytes, rest];
		bytes.push((rest & 0x7f) | 0x80);
	}
}

/** LEB128 with sign. @param {number} value */
function signed(value) {
	const bytes = [];
	for (let rest = value; ; rest >>= 7) {
		if (rest >= -0x40 && rest < 0x40) return [...bytes, rest & 0x7f];
		bytes.push((rest & 0x7f) | 0x80);
	}
}
