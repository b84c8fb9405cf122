const U32_SPAN = 0x1_0000_0000;
/** Bytes of a record that are given from a pool. */
const SMALL = 2048;

/**
 * Fills one ZIP record, field after field, little-endian (APPNOTE 4.4.1.1).
 *
 * A value that does not fit its field throws a `RangeError`: `DataView` would wrap it silently, and a
 * wrapped size or offset is an archive that opens with the wrong contents.
 */
export class RecordWriter {
	readonly bytes: Uint8Array;
	#offset = 0;

	/** @param byteLength - Length of the whole record, bytes. */
	constructor(byteLength: number) {
		// Cut from Node's pool; memory of its own would be most of what a small record costs.
		this.bytes = byteLength < SMALL ? Buffer.allocUnsafe(byteLength).fill(0) : new Uint8Array(byteLength);
	}

	u8(value: number): this {
		check(value, 0xff);
		return this.#put(value, 1);
	}

	u16(value: number): this {
		check(value, 0xffff);
		return this.#put(value, 2);
	}

	u32(value: number): this {
		check(value, 0xffff_ffff);
		return this.#put(value, 4);
	}

	/** Sizes and offsets stay below 2^53, so two halves spare every caller a BigInt. */
	u64(value: number): this {
		check(value, Number.MAX_SAFE_INTEGER);
		return this.#put(value % U32_SPAN, 4).#put(Math.floor(value / U32_SPAN), 4);
	}

	i32(value: number): this {
		if (value !== (value | 0)) throw new RangeError(`${value} does not fit a signed 32-bit field`);
		return this.#put(value, 4);
	}

	raw(bytes: Uint8Array): this {
		this.bytes.set(bytes, this.#offset);
		this.#offset += bytes.byteLength;
		return this;
	}

	#put(value: number, byteLength: number): this {
		const { bytes } = this;
		const start = this.#offset;
		const end = start + byteLength;
		// What is written past the end of an array is lost without a word.
		if (end > bytes.byteLength) throw new RangeError("the record is longer than it was said to be");
		for (let offset = start, rest = value; offset < end; offset++, rest >>>= 8) bytes[offset] = rest;
		this.#offset = end;
		return this;
	}
}

function check(value: number, max: number): void {
	if (!Number.isInteger(value) || value < 0 || value > max) {
		throw new RangeError(`${value} does not fit a field of 0 to ${max}`);
	}
}
