import { MiB } from "../bytes/units.ts";
import type { RangedSource, SourceIdentity, StoredHashes } from "../reader/ranged/ranged-source.ts";

/** Bytes of a directory that is kept, so that it is requested once. */
const LARGEST_KEPT = 16 * MiB;

/** Counts what is read from a source, and keeps the directory if it is small. */
export class MeteredSource implements RangedSource {
	readonly #source: RangedSource;
	/** Bytes that have come in. */
	readSize: number;
	/** Ranges that were asked for. */
	requestCount = 1;
	#kept: { readonly start: number; readonly bytes: Uint8Array } | undefined;
	#keepFrom = Number.POSITIVE_INFINITY;

	/** @param tailSize - Bytes that have come in with opening it. */
	constructor(source: RangedSource, tailSize: number) {
		this.#source = source;
		this.readSize = tailSize;
	}

	get location(): string {
		return this.#source.location;
	}

	get size(): number {
		return this.#source.size;
	}

	get identity(): SourceIdentity {
		return this.#source.identity;
	}

	/** The next read that begins at the directory is kept for later ones. */
	keepDirectory(start: number, end: number): void {
		if (end - start <= LARGEST_KEPT) this.#keepFrom = start;
	}

	async *read(
		start: number,
		end: number,
		signal?: AbortSignal | undefined,
	): AsyncGenerator<Uint8Array, void, void> {
		const kept = this.#kept;
		if (kept !== undefined && start >= kept.start && end <= kept.start + kept.bytes.byteLength) {
			if (start < end) yield kept.bytes.subarray(start - kept.start, end - kept.start);
			return;
		}
		if (start === end) return;
		this.requestCount++;
		const chunks: Uint8Array[] = [];
		for await (const chunk of this.#source.read(start, end, signal)) {
			this.readSize += chunk.byteLength;
			if (start === this.#keepFrom) chunks.push(chunk);
			yield chunk;
		}
		if (chunks.length > 0) this.#kept = { start, bytes: Buffer.concat(chunks) };
	}

	storedHashes(signal?: AbortSignal | undefined): Promise<StoredHashes | undefined> {
		return this.#source.storedHashes(signal);
	}

	close(): Promise<void> {
		return this.#source.close();
	}
}
