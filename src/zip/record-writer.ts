const U32_SPAN = 0x1_0000_0000;

/**
 * Fills one ZIP record, field after field, little-endian (APPNOTE 4.4.1.1).
 *
 * A value that does not fit its field throws a `RangeError`: `DataView` would wrap it silently, and a
 * wrapped size or offset is an archive that opens with the wrong contents.
 */
export class RecordWriter {
	readonly bytes: Uint8Array;
	readonly #view: DataView;
	#offset = 0;

	/** @param byteLength - Length of the whole record, bytes. */
	constructor(byteLength: number) {
		this.bytes = new Uint8Array(byteLength);
		this.#view = new DataView(this.bytes.buffer);
	}

	u8(value: number): this {
		this.#check(value, 0xff);
		this.#view.setUint8(this.#offset, value);
		this.#offset += 1;
		return this;
	}

	u16(value: number): this {
		this.#check(value, 0xffff);
		this.#view.setUint16(this.#offset, value, true);
		this.#offset += 2;
		return this;
	}

	u32(value: number): this {
		this.#check(value, 0xffff_ffff);
		this.#view.setUint32(this.#offset, value, true);
		this.#offset += 4;
		return this;
	}

	/** Sizes and offsets stay below 2^53, so two halves spare every caller a BigInt. */
	u64(value: number): this {
		this.#check(value, Number.MAX_SAFE_INTEGER);
		this.#view.setUint32(this.#offset, value % U32_SPAN, true);
		this.#view.setUint32(this.#offset + 4, Math.floor(value / U32_SPAN), true);
		this.#offset += 8;
		return this;
	}

	i32(value: number): this {
		if (value !== (value | 0)) throw new RangeError(`${value} does not fit a signed 32-bit field`);
		this.#view.setInt32(this.#offset, value, true);
		this.#offset += 4;
		return this;
	}

	raw(bytes: Uint8Array): this {
		this.bytes.set(bytes, this.#offset);
		this.#offset += bytes.byteLength;
		return this;
	}

	#check(value: number, max: number): void {
		if (!Number.isInteger(value) || value < 0 || value > max) {
			throw new RangeError(`${value} does not fit a field of 0 to ${max}`);
		}
	}
}
