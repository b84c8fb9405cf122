import { Readable } from "node:stream";
import { ChunkReader } from "../../bytes/chunk-reader.ts";
import type { ProgressWatch } from "./progress-watch.ts";

type Chunk = Uint8Array | undefined;

/** The body of an answer as a stream whose chunks have to come in time, each once it is asked for. */
export class WatchedStream extends Readable {
	readonly #chunks: Chunks;
	readonly #watch: ProgressWatch;
	readonly #stepMs: number;

	/** @param watch - Ended with the stream. */
	constructor(body: AsyncIterable<Uint8Array>, watch: ProgressWatch, stepMs: number) {
		super();
		this.#chunks = body instanceof Readable ? ofStream(body) : ofIterable(body);
		this.#watch = watch;
		this.#stepMs = stepMs;
	}

	override _read(): void {
		const next = this.#chunks.next();
		if (!(next instanceof Promise)) {
			this.push(next ?? null);
			return;
		}
		this.#watch.over(next, this.#stepMs).then(
			(chunk) => this.push(chunk ?? null),
			(error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
		);
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		this.#watch.end();
		this.#chunks.close();
		callback(error);
	}
}

interface Chunks {
	/** The next one, or `undefined` at the end; a promise where it is to come. */
	next(): Chunk | Promise<Chunk>;
	close(): void;
}

function ofStream(body: Readable): Chunks {
	const reader = new ChunkReader(body);
	return { next: () => reader.next(), close: () => void body.destroy() };
}

function ofIterable(body: AsyncIterable<Uint8Array>): Chunks {
	const chunks = body[Symbol.asyncIterator]();
	return {
		next: async () => {
			const { done, value } = await chunks.next();
			return done === true ? undefined : value;
		},
		// Nobody waits for it: it would wait for a chunk that may not come.
		close: () => void chunks.return?.().catch(() => {}),
	};
}
