// Plain JavaScript, as it runs in a thread that is started from the sources as well as from the built package.
import { createHash } from "node:crypto";
import { MD5_PAIR_BASE64 } from "./md5-pair.wasm.js";

const BLOCK = 64;
/** The program expects data here, behind its two states. */
const DATA_OFFSET = 64;
/** Data is copied into the program's memory by pieces that stay in the processor's cache. */
const PIECE = 64 * 1024;
/** RFC 1321, 3.3. */
const INITIAL = Buffer.from("0123456789abcdeffedcba9876543210", "hex");

/**
 * What `md5-pair.wat` exports. Node has `WebAssembly`, its types do not.
 *
 * @typedef {{ memory: { buffer: ArrayBuffer }; compress: (start: number, end: number) => void }} Md5Program
 * @type {{ Module: new (code: Uint8Array) => object; Instance: new (module: object) => { exports: Md5Program } }}
 */
const { Module, Instance } = Reflect.get(globalThis, "WebAssembly");

/**
 * The MD5 of each of many parts, and of all of them together: for the price of one, unless the process has no
 * addresses left for a WebAssembly memory, which takes some GiB of them (`ulimit -v`).
 */
export function md5Pair() {
	try {
		return new Md5Pair();
	} catch {
		return new TwoMd5s();
	}
}

/** The same for the price of two. */
export class TwoMd5s {
	#whole = createHash("md5");

	/** @param {Uint8Array} bytes */
	part(bytes) {
		this.#whole.update(bytes);
		return createHash("md5").update(bytes).digest("hex");
	}

	whole() {
		return this.#whole.digest("hex");
	}
}

/** See {@link md5Pair}. */
export class Md5Pair {
	#memory;
	#run;
	#whole = Buffer.from(INITIAL);
	#wholeSize = 0;
	/** Of the whole: less than a block. */
	#rest = Buffer.alloc(0);

	constructor() {
		const program = new Module(Buffer.from(MD5_PAIR_BASE64, "base64"));
		const { memory, compress } = new Instance(program).exports;
		this.#memory = Buffer.from(memory.buffer);
		this.#run = compress;
	}

	/**
	 * The MD5 of the next part, lower-case hex.
	 *
	 * @param {Uint8Array} bytes
	 */
	part(bytes) {
		const state = Buffer.from(INITIAL);
		const full = bytes.subarray(0, bytes.byteLength - (bytes.byteLength % BLOCK));
		const rest = Buffer.from(bytes.subarray(full.byteLength));
		if (this.#rest.byteLength === 0) {
			this.#compress(full, this.#whole, state);
			this.#rest = rest;
		} else {
			// Its blocks are not those of the whole: one after the other. Only parts of an odd size bring that about.
			this.#compress(full, Buffer.alloc(16), state);
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
	 */
	#compress(blocks, one, other) {
		const memory = this.#memory;
		one.copy(memory, 0);
		other.copy(memory, 16);
		for (let start = 0; start < blocks.byteLength; start += PIECE) {
			const piece = blocks.subarray(start, start + PIECE);
			memory.set(piece, DATA_OFFSET);
			this.#run(DATA_OFFSET, DATA_OFFSET + piece.byteLength);
		}
		memory.copy(one, 0, 0, 16);
		memory.copy(other, 0, 16, 32);
	}
}
