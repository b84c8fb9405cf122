/** Reads the little-endian fields of a record one after the other. */
export class FieldReader {
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	#offset = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get left(): number {
		return this.#bytes.byteLength - this.#offset;
	}

	u8(): number {
		return this.#view.getUint8(this.#take(1));
	}

	u16(): number {
		return this.#view.getUint16(this.#take(2), true);
	}

	u32(): number {
		return this.#view.getUint32(this.#take(4), true);
	}

	i32(): number {
		return this.#view.getInt32(this.#take(4), true);
	}

	u64(): number {
		const value = this.#view.getBigUint64(this.#take(8), true);
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} is no sane size or offset`);
		return Number(value);
	}

	raw(length: number): Uint8Array {
		if (length > this.left) throw new RangeError(`a record ends ${length - this.left} bytes too early`);
		const start = this.#take(length);
		return this.#bytes.subarray(start, start + length);
	}

	#take(length: number): number {
		const start = this.#offset;
		this.#offset += length;
		return start;
	}
}

/** @throws {Error} with the message unless the condition holds. */
export function demand(condition: boolean, message: string): asserts condition {
	if (!condition) throw new Error(message);
}
