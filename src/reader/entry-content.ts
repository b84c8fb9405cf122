import { Readable } from "node:stream";
import { anySignal } from "../async/any-signal.ts";
import { interruptible } from "../async/interruptible.ts";
import { webStreamOf } from "../async/web-stream.ts";
import { formatNumber } from "../bytes/units.ts";
import { InvalidOptionError } from "../errors.ts";
import { decompress } from "./decompress.ts";
import type { EntryFacts } from "./entry.ts";
import { type ArchiveBody, readEntryData } from "./entry-data.ts";
import { methodOf } from "./methods.ts";

/**
 * The content of an entry, decompressed: from an `await` loop, as a Node or Web stream, or as bytes. Can be read once.
 *
 * Size and CRC-32 are checked on the way: what came is right only if it ended without an error. Ending it early ends
 * the transfer. Nothing is requested before somebody reads.
 */
export interface EntryContent extends AsyncIterable<Uint8Array> {
	/** The content in chunks of any length. */
	[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void>;
	/** The content as a Node stream, for `pipeline()` and HTTP responses. */
	toReadable(): Readable;
	/** The content as a Web stream, for `Response`. */
	toWebStream(): ReadableStream<Uint8Array>;
	/**
	 * The whole content in memory.
	 *
	 * @param limit - Bytes; an entry that states more is not read. By default there is none.
	 * @throws {@link InvalidOptionError} if the entry is larger than `limit`.
	 */
	bytes(limit?: number): Promise<Uint8Array>;
}

/**
 * The content of an entry.
 *
 * @throws {ArchiveError} `ENTRY_UNSUPPORTED` if it is encrypted, or compressed by a method that cannot be read.
 */
export function contentOf(
	body: ArchiveBody,
	entry: EntryFacts,
	signal: AbortSignal | undefined,
): EntryContent {
	methodOf(body.source.location, entry);
	return new ReadContent(body, entry, signal);
}

class ReadContent implements EntryContent {
	readonly #body: ArchiveBody;
	readonly #entry: EntryFacts;
	readonly #signal: AbortSignal | undefined;
	#started = false;

	constructor(body: ArchiveBody, entry: EntryFacts, signal: AbortSignal | undefined) {
		this.#body = body;
		this.#entry = entry;
		this.#signal = signal;
	}

	[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
		if (this.#started) throw new InvalidOptionError("the content was read before; open the entry again");
		this.#started = true;
		const ending = new AbortController();
		return interruptible(this.#chunks(ending.signal), () => ending.abort());
	}

	async *#chunks(ending: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
		const { signal, release } = anySignal(this.#signal, ending);
		try {
			const data = readEntryData(this.#body, this.#entry, signal);
			yield* decompress(this.#body.source.location, this.#entry, data);
		} finally {
			release();
		}
	}

	toReadable(): Readable {
		return Readable.from(this, { objectMode: false });
	}

	toWebStream(): ReadableStream<Uint8Array> {
		return webStreamOf(this[Symbol.asyncIterator]());
	}

	async bytes(limit: number = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
		const { name, uncompressedSize } = this.#entry;
		if (uncompressedSize > limit)
			throw new InvalidOptionError(
				`the entry "${name}" has ${formatNumber(uncompressedSize)} bytes; the limit is ${formatNumber(limit)}`,
			);
		const chunks: Uint8Array[] = [];
		for await (const chunk of this) chunks.push(chunk);
		return Buffer.concat(chunks);
	}
}
