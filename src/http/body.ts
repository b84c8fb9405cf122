import { onAbort } from "../async/abort-listeners.ts";
import { requestController } from "../async/request-controller.ts";
import { SourceError } from "../errors.ts";

/** What the body of a response is made of. */
export interface BodyParts {
	/** Makes the bytes; nothing is opened before the first is asked for. */
	readonly read: (signal: AbortSignal) => AsyncGenerator<Uint8Array, unknown, void>;
	/** Bytes that were announced; `undefined` if none were. */
	readonly size: number | undefined;
	/** Lets go of the sources; called once, when the body has ended in whatever way. */
	readonly close: () => Promise<void>;
	/** Ends the body, whether somebody asks for more of it or not. */
	readonly signal: AbortSignal | undefined;
}

/**
 * The bytes of a response: as many as were announced, or an error. They end, and everything open is closed, at once when the signal
 * aborts or whoever reads them has enough, also while the next chunk is waited for.
 */
export class DownloadBody implements AsyncIterable<Uint8Array> {
	readonly #parts: BodyParts;
	readonly #ending = requestController();
	readonly #chunks: AsyncGenerator<Uint8Array, unknown, void>;
	readonly #letGo: () => void;
	#sentSize = 0;
	#end: Promise<void> | undefined;

	constructor(parts: BodyParts) {
		this.#parts = parts;
		this.#chunks = parts.read(this.#ending.signal);
		this.#letGo = onAbort(parts.signal, (reason) => {
			this.cancel(reason).catch(() => {}); // whoever reads gets the reason
		});
	}

	/** Bytes that were given. */
	get sentSize(): number {
		return this.#sentSize;
	}

	/** @throws what makes the archive fail; the reason for which it was ended. */
	async next(): Promise<IteratorResult<Uint8Array, undefined>> {
		const { signal } = this.#ending;
		try {
			signal.throwIfAborted();
			const step = await this.#chunks.next();
			signal.throwIfAborted();
			this.#count(step);
			if (step.done !== true) return { value: step.value, done: false };
		} catch (error) {
			const reason: unknown = signal.aborted ? signal.reason : error;
			await this.cancel(reason).catch(() => {});
			throw reason;
		}
		await this.#close();
		return { value: undefined, done: true };
	}

	/** Ends it early. Resolves when everything is closed. */
	async cancel(reason: unknown): Promise<void> {
		this.#ending.abort(reason);
		await this.#close();
	}

	[Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined, undefined> {
		return {
			next: () => this.next(),
			return: async () => {
				await this.cancel(new Error("the rest of the download is not asked for"));
				return { value: undefined, done: true };
			},
		};
	}

	#count(step: IteratorResult<Uint8Array, unknown>): void {
		const { size } = this.#parts;
		if (step.done !== true) this.#sentSize += step.value.byteLength;
		if (size === undefined) return;
		if (this.#sentSize > size || (step.done === true && this.#sentSize < size)) throw otherSize(size);
	}

	#close(): Promise<void> {
		this.#end ??= this.#closeAll();
		return this.#end;
	}

	async #closeAll(): Promise<void> {
		this.#letGo();
		try {
			await this.#chunks.return(undefined);
		} finally {
			await this.#parts.close();
		}
	}
}

function otherSize(size: number): SourceError {
	const message = `a source changed while it was sent: the archive does not have the ${size} bytes that were announced`;
	return new SourceError("SOURCE_CHANGED", message);
}
