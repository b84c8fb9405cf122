import { Readable } from "node:stream";
import { MiB } from "../../bytes/units.ts";

/** So small that a slow line takes some within the time-out, so large that they cost nothing. */
const SLICE_SIZE = 128 * 1024;
/** So much of a body is taken before there is a connection to send it. */
export const TAKEN_AHEAD: number = 2 * SLICE_SIZE;

/** The body of a request that shows how it is sent. */
export interface WatchedBody {
	readonly body: unknown;
	/** Of the time for one step, how many the request may take without showing one. */
	readonly steps: number;
}

/**
 * Makes a body tell each time when more of it is taken, so what came before has gone out.
 *
 * @param takesSlices - Not every handler takes bytes in slices (`fetch` would send them without a length, which
 * storages refuse): there each MiB has the time of one step.
 */
export function watchBody(body: unknown, takesSlices: boolean, onTaken: (size: number) => void): WatchedBody {
	if (body instanceof Readable)
		return { body: Readable.from(noting(body, onTaken), { objectMode: false }), steps: 1 };
	const bytes = typeof body === "string" && body.length > SLICE_SIZE ? Buffer.from(body) : body;
	if (!(bytes instanceof Uint8Array) || bytes.byteLength <= SLICE_SIZE) return { body, steps: 1 };
	if (takesSlices) return { body: new SlicedBytes(bytes, onTaken), steps: 1 };
	return { body, steps: 1 + Math.ceil(bytes.byteLength / MiB) };
}

class SlicedBytes extends Readable {
	readonly #bytes: Uint8Array;
	readonly #onTaken: (size: number) => void;
	#offset = 0;

	constructor(bytes: Uint8Array, onTaken: (size: number) => void) {
		super({ highWaterMark: SLICE_SIZE });
		this.#bytes = bytes;
		this.#onTaken = onTaken;
	}

	override _read(): void {
		const slice = this.#bytes.subarray(this.#offset, this.#offset + SLICE_SIZE);
		this.#offset += slice.byteLength;
		this.#onTaken(slice.byteLength);
		this.push(slice.byteLength === 0 ? null : slice);
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
