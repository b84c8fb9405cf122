import { anySignal } from "../../async/any-signal.ts";
import { requestController } from "../../async/request-controller.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { RangedSource, SourceIdentity } from "./ranged-source.ts";

/** A source whose reads end when it is closed, or with the signal that it was opened with. */
export class ClosableSource implements RangedSource {
	readonly location: string;
	readonly size: number;
	readonly identity: SourceIdentity;
	readonly #source: RangedSource;
	readonly #signal: AbortSignal | undefined;
	readonly #closing: AbortController = requestController();

	constructor(source: RangedSource, signal: AbortSignal | undefined) {
		this.location = source.location;
		this.size = source.size;
		this.identity = source.identity;
		this.#source = source;
		this.#signal = signal;
	}

	async *read(
		start: number,
		end: number,
		own?: AbortSignal | undefined,
	): AsyncGenerator<Uint8Array, void, void> {
		const { signal, release } = anySignal(this.#closing.signal, this.#signal, own);
		try {
			signal.throwIfAborted();
			yield* this.#source.read(start, end, signal);
		} finally {
			release();
		}
	}

	close(): Promise<void> {
		this.#closing.abort(new InvalidOptionError(`${this.location} was closed, and cannot be read any more`));
		return this.#source.close();
	}
}
