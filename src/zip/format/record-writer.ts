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

	/**
	 * @param byteLength - Length of the whole record, bytes.
	 * @param memory - Its memory, of exactly this length.
	 */
	constructor(byteLength: number, memory?: Uint8Array) {
		// Cut from Node's pool; memory of its own would be most of what a small record costs.
		this.bytes =
			memory ?? (byteLength < SMALL ? Buffer.allocUnsafe(byteLength).fill(0) : new Uint8Array(byteLength));
	}

	u8(value: number): this {
		if (value !== (value & 0xff)) throw doesNotFit(value, 0xff);
		this.bytes[this.#advance(1)] = value;
		return this;
	}

	u16(value: number): this {
		if (value !== (value & 0xffff)) throw doesNotFit(value, 0xffff);
		return this.#put16(value);
	}

	u32(value: number): this {
		if (value !== value >>> 0) throw doesNotFit(value, 0xffff_ffff);
		return this.#put32(value);
	}

	/** Sizes and offsets stay below 2^53, so two halves spare every caller a BigInt. */
	u64(value: number): this {
		if (!(Number.isSafeInteger(value) && value >= 0)) throw doesNotFit(value, Number.MAX_SAFE_INTEGER);
		return this.#put32(value % U32_SPAN).#put32(Math.floor(value / U32_SPAN));
	}

	i32(value: number): this {
		if (value !== (value | 0)) throw new RangeError(`${value} does not fit a signed 32-bit field`);
		return this.#put32(value);
	}

	raw(bytes: Uint8Array): this {
		this.bytes.set(bytes, this.#offset);
		this.#offset += bytes.byteLength;
		return this;
	}

	#put32(value: number): this {
		return this.#put16(value).#put16(value >>> 16);
	}

	#put16(value: number): this {
		const { bytes } = this;
		const start = this.#advance(2);
		bytes[start] = value; // an array of bytes keeps the lowest eight bits
		bytes[start + 1] = value >>> 8;
		return this;
	}

	/** Offset of the next field. */
	#advance(byteLength: number): number {
		const start = this.#offset;
		this.#offset += byteLength;
		// A write past the end of an array is lost without an error.
		if (this.#offset > this.bytes.byteLength)
			throw new RangeError("the record is longer than it was said to be");
		return start;
	}
}

function doesNotFit(value: number, max: number): RangeError {
	return new RangeError(`${value} does not fit a field of 0 to ${max}`);
}
