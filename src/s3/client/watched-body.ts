import { Readable } from "node:stream";
import { MiB } from "../../bytes/units.ts";

/** So small that a slow line takes some within the time-out. */
const SLICE_SIZE = 128 * 1024;
/** So large that slices cost hardly anything; used while the line takes them quickly. */
const LARGEST_SLICE = MiB;
/** The share of the time for a step within which a chunk counts as taken quickly. */
const QUICK_SHARE = 1 / 20;
/** Bytes a second that have to be enough for a slice, if the line was quick and is not any more. */
const SLOW_LINE = 8 * 1024;
/** So much of a body is taken before there is a connection to send it. */
export const TAKEN_AHEAD: number = 2 * SLICE_SIZE;

/** The body of a request that shows how it is sent. */
export interface WatchedBody {
	readonly body: unknown;
	/** How many times the time of one step the request may take without a step. */
	readonly steps: number;
}

/**
 * Makes a body tell each time when more of it is taken, so what came before has gone out.
 *
 * @param stepMs - Time for one step.
 * @param takesSlices - Not every handler takes bytes in slices (`fetch` would send them without a length, which
 * storages refuse): there each MiB has the time of one step.
 */
export function watchBody(
	body: unknown,
	stepMs: number,
	takesSlices: boolean,
	onTaken: (size: number) => void,
): WatchedBody {
	if (body instanceof Readable)
		return { body: Readable.from(noting(body, onTaken), { objectMode: false }), steps: 1 };
	const bytes = typeof body === "string" && body.length > SLICE_SIZE ? Buffer.from(body) : body;
	if (!(bytes instanceof Uint8Array) || bytes.byteLength <= SLICE_SIZE) return { body, steps: 1 };
	if (takesSlices) {
		return { body: new SlicedBytes(bytes, stepMs, onTaken), steps: 1 };
	}
	return { body, steps: 1 + Math.ceil(bytes.byteLength / MiB) };
}

/** Bytes in slices that grow while the line takes them quickly. */
class SlicedBytes extends Readable {
	readonly #bytes: Uint8Array;
	readonly #largest: number;
	readonly #quickMs: number;
	readonly #onTaken: (size: number) => void;
	#offset = 0;
	#sliceSize = SLICE_SIZE;
	#takenAt = 0;

	constructor(bytes: Uint8Array, stepMs: number, onTaken: (size: number) => void) {
		super({ highWaterMark: SLICE_SIZE });
		this.#bytes = bytes;
		this.#largest = Math.min(LARGEST_SLICE, Math.max(SLICE_SIZE, Math.floor((SLOW_LINE * stepMs) / 1000)));
		this.#quickMs = stepMs * QUICK_SHARE;
		this.#onTaken = onTaken;
	}

	override _read(): void {
		this.#adapt();
		const slice = this.#bytes.subarray(this.#offset, this.#offset + this.#sliceSize);
		this.#offset += slice.byteLength;
		this.#onTaken(slice.byteLength);
		this.push(slice.byteLength === 0 ? null : slice);
	}

	#adapt(): void {
		const now = performance.now();
		const isQuick = now - this.#takenAt < this.#quickMs;
		this.#takenAt = now;
		if (this.#offset < TAKEN_AHEAD) return; // taken before anything was sent
		this.#sliceSize = isQuick ? Math.min(2 * this.#sliceSize, this.#largest) : SLICE_SIZE;
	}
}

/** The same chunks; each of them is a step. */
export async function* noting(
	chunks: AsyncIterable<Uint8Array>,
	onChunk: (size: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
	for await (const chunk of chunks) {
		onChunk(chunk.byteLength);
		yield chunk;
	}
}
