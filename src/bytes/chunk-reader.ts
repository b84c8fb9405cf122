import type { Readable } from "node:stream";

/**
 * Reads a stream chunk by chunk. Node's own iterator does the same, but takes more time than many a small stream has
 * bytes for. It leaves the stream to whoever made it: nothing here destroys it.
 */
export class ChunkReader {
	readonly #stream: Readable;
	#ended = false;
	#failure: Error | undefined;
	#wake = (): void => {};

	constructor(stream: Readable) {
		this.#stream = stream;
		stream.on("readable", () => this.#wake());
		stream.on("end", () => {
			this.#ended = true;
			this.#wake();
		});
		stream.on("error", this.#fail);
		stream.on("close", () => {
			if (!this.#ended) this.#fail(tooEarly());
		});
		if (stream.errored !== null) this.#failure = stream.errored;
		else if (stream.closed) this.#failure = tooEarly();
	}

	/**
	 * The next chunk, or `undefined` behind the last: a promise only where it has not come yet. To be called again once
	 * that has settled.
	 *
	 * @throws what the stream fails with.
	 */
	next(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
		return this.#take() ?? (this.#ended ? undefined : this.#wait());
	}

	async #wait(): Promise<Uint8Array | undefined> {
		for (;;) {
			const chunk = this.#take();
			if (chunk !== undefined || this.#ended) return chunk;
			if (this.#failure !== undefined) throw this.#failure;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}

	#take(): Uint8Array | undefined {
		return this.#stream.destroyed ? undefined : (this.#stream.read() ?? undefined);
	}

	readonly #fail = (error: Error): void => {
		this.#failure ??= error;
		this.#wake();
	};
}

/** As Node says it. */
function tooEarly(): Error {
	return Object.assign(new Error("Premature close"), { code: "ERR_STREAM_PREMATURE_CLOSE" });
}

/** All chunks of a stream. */
export async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array, void, void> {
	const reader = new ChunkReader(stream);
	for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) yield chunk;
}
