import { Readable } from "node:stream";
import type { ProgressWatch } from "./progress-watch.ts";

/** The body of an answer as a stream whose chunks have to come in time, each once it is asked for. */
export class WatchedStream extends Readable {
	readonly #body: AsyncIterable<Uint8Array>;
	readonly #chunks: AsyncIterator<Uint8Array>;
	readonly #watch: ProgressWatch;
	readonly #stepMs: number;

	/** @param watch - Ended with the stream. */
	constructor(body: AsyncIterable<Uint8Array>, watch: ProgressWatch, stepMs: number) {
		super();
		this.#body = body;
		this.#chunks = body[Symbol.asyncIterator]();
		this.#watch = watch;
		this.#stepMs = stepMs;
	}

	override _read(): void {
		this.#watch.over(this.#chunks.next(), this.#stepMs).then(
			({ done, value }) => this.push(done === true ? null : value),
			(error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
		);
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		this.#watch.end();
		if (this.#body instanceof Readable) this.#body.destroy();
		// Nobody waits for it: it would wait for a chunk that may not come.
		else this.#chunks.return?.().catch(() => {});
		callback(error);
	}
}
