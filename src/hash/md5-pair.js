// Plain JavaScript, as it runs in a thread that is started from the sources as well as from the built package.
import { DATA_OFFSET, md5Program } from "./md5-program.js";

const BLOCK = 64;
/** Data is copied into the program's memory by pieces that stay in the processor's cache. */
const PIECE = 64 * 1024;
/** RFC 1321, 3.3. */
const INITIAL = Buffer.from("0123456789abcdeffedcba9876543210", "hex");

/** The MD5 of each of many parts, and of all of them together, for the price of one. */
export class Md5Pair {
	#module = new WebAssembly.Module(md5Program());
	/** For data that is elsewhere. */
	#pieces = this.#programIn(new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true }));
	#whole = Buffer.from(INITIAL);
	#wholeSize = 0;
	/** Of the whole: less than a block. */
	#rest = Buffer.alloc(0);

	/**
	 * The MD5 of the next part, lower-case hex.
	 *
	 * @param {Uint8Array} bytes
	 * @param {WebAssembly.Memory} [memory] That they are in, from {@link DATA_OFFSET} on; saves copying them.
	 */
	part(bytes, memory) {
		const state = Buffer.from(INITIAL);
		const full = bytes.subarray(0, bytes.byteLength - (bytes.byteLength % BLOCK));
		const rest = Buffer.from(bytes.subarray(full.byteLength));
		if (this.#rest.byteLength === 0) {
			this.#compress(full, this.#whole, state, memory);
			this.#rest = rest;
		} else {
			// Its blocks are not those of the whole: one after the other. Only parts of an odd size bring that about.
			this.#compress(full, Buffer.alloc(16), state, memory);
			this.#goOn(bytes);
		}
		this.#wholeSize += bytes.byteLength;
		return this.#end(state, rest, bytes.byteLength);
	}

	/** The MD5 of all parts, lower-case hex; call it once, at the end. */
	whole() {
		return this.#end(this.#whole, this.#rest, this.#wholeSize);
	}

	/** @param {Uint8Array} bytes */
	#goOn(bytes) {
		const joined = Buffer.concat([this.#rest, bytes]);
		const full = joined.subarray(0, joined.byteLength - (joined.byteLength % BLOCK));
		this.#compress(full, this.#whole, Buffer.alloc(16));
		this.#rest = Buffer.from(joined.subarray(full.byteLength));
	}

	/**
	 * RFC 1321, 3.1 and 3.2: a bit, zeros, and the size in bits close the last block.
	 *
	 * @param {Buffer} state
	 * @param {Buffer} rest
	 * @param {number} size
	 */
	#end(state, rest, size) {
		const padded = Buffer.alloc(rest.byteLength < BLOCK - 8 ? BLOCK : 2 * BLOCK);
		rest.copy(padded);
		padded[rest.byteLength] = 0x80;
		padded.writeBigUInt64LE(8n * BigInt(size), padded.byteLength - 8);
		this.#compress(padded, state, Buffer.alloc(16));
		return state.toString("hex");
	}

	/**
	 * Takes two states through whole blocks.
	 *
	 * @param {Uint8Array} blocks
	 * @param {Buffer} one
	 * @param {Buffer} other
	 * @param {WebAssembly.Memory} [memory] That the blocks are in.
	 */
	#compress(blocks, one, other, memory) {
		const { states, data, run } = memory === undefined ? this.#pieces : this.#programIn(memory);
		one.copy(states, 0);
		other.copy(states, 16);
		const size = memory === undefined ? PIECE : blocks.byteLength;
		for (let start = 0; start < blocks.byteLength; start += size) {
			const piece = blocks.subarray(start, start + size);
			if (memory === undefined) data.set(piece);
			run(piece.byteLength);
		}
		states.copy(one, 0, 0, 16);
		states.copy(other, 0, 16, 32);
	}

	/** @param {WebAssembly.Memory} memory */
	#programIn(memory) {
		/** @type {WebAssembly.Instance<{ f: (start: number, end: number) => void }>} */
		const { exports } = new WebAssembly.Instance(this.#module, { m: { m: memory } });
		return {
			states: Buffer.from(memory.buffer, 0, DATA_OFFSET),
			data: Buffer.from(memory.buffer, DATA_OFFSET),
			/** @param {number} size Of the blocks at the start of the data, at least one. */
			run: (size) => exports.f(DATA_OFFSET, DATA_OFFSET + size),
		};
	}
}
