import { crc32 } from "node:zlib";
import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";

/** A running CRC. */
export interface Crc {
	update(chunk: Uint8Array): unknown;
	digest(): Promise<Uint8Array>;
}

interface CrcKind {
	readonly bits: bigint;
	/** The polynomial, lowest power in the top bit. */
	readonly polynomial: bigint;
	create(): Crc;
}

export type CrcAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME";

const KINDS: Readonly<Record<CrcAlgorithm, CrcKind>> = {
	CRC32: { bits: 32n, polynomial: 0xedb8_8320n, create: () => new Crc32() },
	CRC32C: { bits: 32n, polynomial: 0x82f6_3b78n, create: () => new Crc32c() },
	CRC64NVME: { bits: 64n, polynomial: 0x9a6c_9329_ac4b_c9b5n, create: () => new Crc64Nvme() },
};

export function createCrc(algorithm: CrcAlgorithm): Crc {
	return KINDS[algorithm].create();
}

class Crc32 implements Crc {
	#value = 0;

	update(chunk: Uint8Array): void {
		this.#value = crc32(chunk, this.#value);
	}

	digest(): Promise<Uint8Array> {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32BE(this.#value);
		return Promise.resolve(bytes);
	}
}

/**
 * The CRC of pieces laid end to end, from the CRC and the size of each.
 *
 * A CRC is a remainder modulo a polynomial, so the CRC of what stands before `n` more bytes only has to
 * be multiplied by x^(8n). Nothing is read again: an object of 10,000 parts takes milliseconds. Parts of
 * the same size share their power.
 */
export function combineCrcs(
	algorithm: CrcAlgorithm,
	pieces: readonly { readonly digest: Uint8Array; readonly size: number }[],
): Uint8Array {
	const kind = KINDS[algorithm];
	const powers = new Map<number, bigint>();
	let combined = 0n;
	for (const { digest, size } of pieces) {
		const power = powers.get(size) ?? shiftBy(kind, BigInt(size) * 8n);
		powers.set(size, power);
		combined = multiply(kind, combined, power) ^ BigInt(`0x${Buffer.from(digest).toString("hex")}`);
	}
	return Buffer.from(combined.toString(16).padStart(Number(kind.bits) / 4, "0"), "hex");
}

/** x^exponent modulo the polynomial, by repeated squaring. */
function shiftBy(kind: CrcKind, exponent: bigint): bigint {
	let result = 1n << (kind.bits - 1n); // x^0
	let square = 1n << (kind.bits - 2n); // x^1
	for (let rest = exponent; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = multiply(kind, result, square);
		square = multiply(kind, square, square);
	}
	return result;
}

function multiply({ bits, polynomial }: CrcKind, left: bigint, right: bigint): bigint {
	let product = 0n;
	let shifted = right;
	for (let bit = 1n << (bits - 1n); bit > 0n; bit >>= 1n) {
		if (left & bit) product ^= shifted;
		shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
	}
	return product;
}
