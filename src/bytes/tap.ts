import { createHash, type Hash } from "node:crypto";
import { Iteration } from "../async/iteration.ts";

/** Sees every chunk that passes. The hashes of `node:crypto` are observers as they are. */
export interface Observer {
	/** Gets each chunk, which it must neither change nor keep. If it returns a promise, the next chunk waits for it. */
	update(chunk: Uint8Array): unknown;
}

/** Counts bytes; an {@link Observer} like any hash. */
export class ByteCounter implements Observer {
	/** Bytes seen so far. */
	total = 0;

	/** Counts the bytes of a chunk. */
	update(chunk: Uint8Array): void {
		this.total += chunk.byteLength;
	}
}

/** Counts and hashes (MD5) every chunk, so that a receiver can tell whether everything arrived. */
export class Md5Counter extends ByteCounter {
	readonly #md5: Hash = createHash("md5");

	/** Counts and hashes the bytes of a chunk. */
	override update(chunk: Uint8Array): void {
		super.update(chunk);
		this.#md5.update(chunk);
	}

	/** MD5 of everything seen, lower-case hex. Call it once, at the end. */
	digest(): string {
		return this.#md5.digest("hex");
	}
}

/**
 * Yields `source` unchanged and shows each chunk to the observers before anyone else gets it. The
 * return value of the source is passed on.
 *
 * @example
 * ```ts
 * const md5 = new Md5Counter();
 * for await (const chunk of tap(zip, md5)) file.write(chunk);
 * console.log(md5.total, md5.digest());
 * ```
 */
export async function* tap<Result>(
	source: AsyncIterable<Uint8Array> | AsyncGenerator<Uint8Array, Result, void>,
	...observers: readonly Observer[]
): AsyncGenerator<Uint8Array, Result | undefined, void> {
	const chunks = new Iteration<Uint8Array, Result | undefined>(source);
	for await (const chunk of chunks) {
		for (const observer of observers) {
			const seen = observer.update(chunk);
			if (seen instanceof Promise) await seen;
		}
		yield chunk;
	}
	return chunks.result;
}
