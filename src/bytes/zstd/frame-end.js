// Plain JavaScript, as threads use it that are started from the sources as well as from the built package.

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** Bytes of the fields of a frame header, by their flags (RFC 8878 3.1.1.1.1). */
const DICTIONARY_ID_SIZES = [0, 1, 2, 4];
const CONTENT_SIZES = [0, 2, 4, 8];

/**
 * Finds the end of a Zstandard frame (RFC 8878 3.1.1) while its bytes go by.
 *
 * Decoders go on with a frame that follows, or stop before it, and which of both can depend on how the bytes are cut: an entry of an
 * archive is one frame, and nothing else.
 */
export class ZstdFrameEnd {
	/** @type {"magic" | "header" | "block" | "done"} */
	#next = "magic";
	/** Bytes that have to be looked at together. */
	#held = new Uint8Array(4);
	#heldCount = 0;
	#needed = 4;
	/** Bytes before these. */
	#skipped = 0;
	#hasChecksum = false;
	#isLast = false;

	/** Whether all of the frame has gone by. */
	get reached() {
		return this.#next === "done" && this.#skipped === 0;
	}

	/**
	 * Looks at the next bytes.
	 *
	 * @param {Uint8Array} bytes
	 * @returns {number | undefined} How many of them belong to the frame; `undefined` if it is none.
	 */
	pass(bytes) {
		let at = 0;
		while (at < bytes.byteLength) {
			if (this.#skipped > 0) {
				const count = Math.min(this.#skipped, bytes.byteLength - at);
				this.#skipped -= count;
				at += count;
			} else if (this.#next === "done") return at;
			else {
				this.#held[this.#heldCount++] = bytes[at++] ?? 0;
				if (this.#heldCount < this.#needed) continue;
				this.#heldCount = 0;
				if (!this.#look(this.#next)) return undefined;
			}
		}
		return at;
	}

	/**
	 * @param {"magic" | "header" | "block"} next
	 * @returns {boolean} Whether it can be what it has to be.
	 */
	#look(next) {
		const [first = 0, second = 0, third = 0] = this.#held;
		if (next === "magic") {
			if (MAGIC.some((byte, index) => byte !== this.#held[index])) return false;
			this.#expect("header", 1);
			return true;
		}
		if (next === "header") {
			const isSingleSegment = (first & 0x20) !== 0;
			const window = isSingleSegment ? 0 : 1;
			const content = first >> 6 === 0 && isSingleSegment ? 1 : (CONTENT_SIZES[first >> 6] ?? 0);
			this.#hasChecksum = (first & 4) !== 0;
			this.#skipped = window + (DICTIONARY_ID_SIZES[first & 3] ?? 0) + content;
			this.#expect("block", 3);
			return true;
		}
		const header = first | (second << 8) | (third << 16);
		const type = (header >> 1) & 3;
		if (type === RESERVED_BLOCK) return false;
		this.#isLast = (header & 1) !== 0;
		this.#skipped = type === RLE_BLOCK ? 1 : header >> 3;
		if (!this.#isLast) return true;
		if (this.#hasChecksum) this.#skipped += 4;
		this.#next = "done";
		return true;
	}

	/**
	 * @param {"header" | "block"} next
	 * @param {number} size
	 */
	#expect(next, size) {
		this.#next = next;
		this.#needed = size;
	}
}
