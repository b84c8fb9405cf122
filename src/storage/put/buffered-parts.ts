import type { HashAlgorithm } from "../../bytes/hash/archive-hash.ts";
import { HashThread } from "../../bytes/hash/hash-thread.ts";
import { hashPart, type PartHash } from "../parts/completed-part.ts";
import { PartBuffers } from "../parts/part-buffers.ts";
import type { FilledPart } from "../parts/part-cutter.ts";

/** Hashes that are computed off the main thread. */
interface Threads {
	/** Hashes single parts; not needed where a part's hash is a CRC-32. */
	readonly part: HashThread | undefined;
	/** Goes on hashing the whole, part after part. The same thread where both are MD5s, as one costs as much as two. */
	readonly whole: HashThread | undefined;
}

export interface BufferedPartsOptions {
	/** Buffers in use at once, at most. */
	readonly count: number;
	/** Of the hash that goes with each part. */
	readonly partHash: PartHash["kind"];
	/** A hash that goes on from part to part, in the order in which they are given. */
	readonly wholeHash?: Exclude<HashAlgorithm, "crc32"> | undefined;
	/** Ends the wait for a buffer. */
	readonly stop: AbortSignal;
	/** Sends a part. */
	readonly send: (
		partNumber: number,
		bytes: Uint8Array,
		hash: PartHash,
	) => Promise<{ readonly repeated: boolean }>;
	/** Told at once of what has failed. */
	readonly onFailure: (error: unknown) => void;
}

/** Parts in buffers that are used in turn: threads hash them where they are, and each is sent while the next ones fill. */
export class BufferedParts {
	readonly #options: BufferedPartsOptions;
	readonly #buffers: PartBuffers;
	readonly #sending: Promise<unknown>[] = [];
	#threads: Threads | undefined;

	constructor(options: BufferedPartsOptions) {
		this.#options = options;
		this.#buffers = new PartBuffers(options.count);
	}

	/** A buffer for a part of this many bytes, as soon as there is one. */
	take(size: number): Promise<Uint8Array> {
		return this.#buffers.take(size, this.#options.stop);
	}

	/** One more buffer, of at least this size, for a part that was in two others. */
	takeMore(size: number): Uint8Array {
		return this.#buffers.takeMore(size);
	}

	/** Starts the threads that will be needed. That takes as long as filling a part, and goes on beside it. */
	start(): void {
		this.#threads ??= this.#startThreads();
	}

	/** Hashes and sends a part, and gives its buffer to another one. */
	send(partNumber: number, { buffer, size }: Pick<FilledPart, "buffer" | "size">): void {
		this.#threads ??= this.#startThreads();
		const sent = this.#finish(partNumber, buffer, buffer.subarray(0, size), this.#threads);
		sent.catch(this.#options.onFailure); // reported once all have ended
		this.#sending.push(sent);
	}

	/** Takes back a buffer that is sent as no part. */
	give(buffer: Uint8Array): void {
		this.#buffers.ready();
		this.#buffers.give(buffer);
	}

	/** Waits for all parts. @throws what the first of them has failed with */
	async sent(): Promise<void> {
		await Promise.all(this.#sending);
	}

	/** The hash of all parts, lower-case hex, if there is to be one. */
	async finishWhole(): Promise<string | undefined> {
		return this.#threads?.whole?.finish();
	}

	/** Waits until nobody looks at the buffers any more, and ends the threads. */
	async close(): Promise<void> {
		await Promise.allSettled(this.#sending);
		this.#buffers.leave();
		await Promise.all([this.#threads?.part?.close(), this.#threads?.whole?.close()]);
	}

	async #finish(partNumber: number, buffer: Uint8Array, bytes: Uint8Array, threads: Threads): Promise<void> {
		const whole = threads.whole === threads.part ? undefined : threads.whole?.update(bytes);
		whole?.catch(() => {}); // awaited below
		const hashing = this.#hash(bytes, threads);
		Promise.all([hashing, whole]).then(
			() => this.#buffers.ready(),
			() => {}, // nothing is filled any more
		);
		const { repeated } = await this.#options.send(partNumber, bytes, await hashing);
		await whole;
		// An abandoned connection may still look at the bytes.
		if (repeated) this.#buffers.drop();
		else this.#buffers.give(buffer);
	}

	async #hash(bytes: Uint8Array, { part, whole }: Threads): Promise<PartHash> {
		if (part === undefined) return hashPart(bytes, this.#options.partHash);
		return { kind: "md5", hex: await (part === whole ? part.digestAndUpdate(bytes) : part.digest(bytes)) };
	}

	#startThreads(): Threads {
		const { partHash, wholeHash } = this.#options;
		const part = partHash === "md5" ? new HashThread("md5") : undefined;
		if (wholeHash === undefined) return { part, whole: undefined };
		return { part, whole: part !== undefined && wholeHash === "md5" ? part : new HashThread(wholeHash) };
	}
}
