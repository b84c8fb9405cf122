import { constants, createDeflateRaw } from "node:zlib";

/** Versions of Node that the state of zlib was tried in: what it takes is not documented, and may change without a word. */
const TRIED = /^v(20|22|24)\./;

/** What is inside of a stream of zlib. */
interface Inside {
	readonly _handle: {
		reset(): void;
		writeSync(
			flush: number,
			input: Uint8Array,
			inputStart: number,
			inputSize: number,
			output: Uint8Array,
			outputStart: number,
			outputSize: number,
		): void;
	};
	/** What a call has left of the output and of the input, bytes. */
	readonly _writeState: Uint32Array;
}

/** Deflates one input after the other without a new state of zlib for each, which is its memory and a stream of Node. */
export class ReusableDeflate {
	readonly #stream: ReturnType<typeof createDeflateRaw>;
	readonly #inside: Inside;
	#used = false;

	/** @param memLevel - As zlib knows it. */
	constructor(level: number, memLevel: number) {
		this.#stream = createDeflateRaw({ level, memLevel });
		this.#inside = this.#stream as unknown as Inside;
	}

	static isTried(version: string = process.version): boolean {
		return TRIED.test(version);
	}

	/**
	 * Deflates a whole input.
	 *
	 * @param start - Where the data goes in the output.
	 * @returns where it ends.
	 */
	deflate(input: Uint8Array, output: Uint8Array, start: number): number {
		const { _handle, _writeState } = this.#inside;
		if (this.#used) _handle.reset();
		this.#used = true;
		const room = output.byteLength - start;
		_handle.writeSync(constants.Z_FINISH, input, 0, input.byteLength, output, start, room);
		const [left = 0, unread] = _writeState;
		if (left === 0 || unread !== 0) throw new RangeError("there was no room for what zlib made");
		return output.byteLength - left;
	}

	close(): void {
		this.#stream.close();
	}
}
