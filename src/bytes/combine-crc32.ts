/** The polynomial of CRC-32, lowest power in the top bit. */
const POLYNOMIAL = 0xedb8_8320;
/** x^0 and x^1 in that order of bits. */
const ONE = 0x8000_0000;
const X = 0x4000_0000;

/**
 * The CRC-32 of pieces laid end to end, from the CRC-32 and the size of each: where the bytes of some never
 * pass through here. A CRC is a remainder modulo a polynomial, so that of what stands before `n` more bytes
 * is multiplied by x^(8n).
 */
export function combineCrc32(pieces: readonly { readonly crc32: number; readonly size: number }[]): number {
	const powers = new Map<number, number>();
	let combined = 0;
	for (const { crc32, size } of pieces) {
		const power = powers.get(size) ?? powerOf(size * 8);
		powers.set(size, power);
		combined = (multiply(combined, power) ^ crc32) >>> 0;
	}
	return combined;
}

/** x^exponent modulo the polynomial, by repeated squaring. */
function powerOf(exponent: number): number {
	let result = ONE;
	let square = X;
	for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
		if (rest % 2 === 1) result = multiply(result, square);
		square = multiply(square, square);
	}
	return result;
}

function multiply(left: number, right: number): number {
	let product = 0;
	let shifted = right;
	for (let bit = ONE; bit !== 0; bit >>>= 1) {
		if (left & bit) product ^= shifted;
		shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
	}
	return product >>> 0;
}
