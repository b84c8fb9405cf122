/** An archive for random reads, in memory or not. */
export interface ArchiveBytes {
	/** Bytes. */
	readonly size: number;
	/** @throws {RangeError} for a range that reaches beyond the end. */
	read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory, as an {@link ArchiveBytes}. */
export function inMemory(bytes: Uint8Array): ArchiveBytes {
	return {
		size: bytes.byteLength,
		read(offset, length) {
			checkRange(offset, length, bytes.byteLength);
			return bytes.subarray(offset, offset + length);
		},
	};
}

interface Span {
	readonly offset: number;
	readonly bytes: Uint8Array;
}

const PAGE_SIZE = 4096;
const ZEROS = Buffer.alloc(1024 * 1024);

/**
 * Collects a stream and keeps only what is not zero, in pages of 4 KiB: an archive of 5 GiB of zeros
 * takes kilobytes.
 */
export class SparseBytes implements ArchiveBytes {
	readonly #spans: Span[] = [];
	size = 0;
	/** Bytes that are kept. */
	keptSize = 0;

	static async from(chunks: AsyncIterable<Uint8Array>): Promise<SparseBytes> {
		const sparse = new SparseBytes();
		for await (const chunk of chunks) sparse.append(chunk);
		return sparse;
	}

	append(chunk: Uint8Array): void {
		if (!isZero(chunk)) {
			for (let start = 0; start < chunk.byteLength; start += PAGE_SIZE) {
				const page = chunk.subarray(start, start + PAGE_SIZE);
				if (isZero(page)) continue;
				this.#spans.push({ offset: this.size + start, bytes: page.slice() });
				this.keptSize += page.byteLength;
			}
		}
		this.size += chunk.byteLength;
	}

	read(offset: number, length: number): Uint8Array {
		checkRange(offset, length, this.size);
		const bytes = new Uint8Array(length);
		for (let index = this.#firstEndingAfter(offset); index < this.#spans.length; index++) {
			const span = this.#spans[index];
			if (span === undefined || span.offset >= offset + length) break;
			const from = Math.max(0, offset - span.offset);
			const to = Math.min(span.bytes.byteLength, offset + length - span.offset);
			bytes.set(span.bytes.subarray(from, to), span.offset + from - offset);
		}
		return bytes;
	}

	#firstEndingAfter(offset: number): number {
		let low = 0;
		let high = this.#spans.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const span = this.#spans[middle];
			if (span !== undefined && span.offset + span.bytes.byteLength <= offset) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

function isZero(bytes: Uint8Array): boolean {
	for (let start = 0; start < bytes.byteLength; start += ZEROS.byteLength) {
		const piece = bytes.subarray(start, start + ZEROS.byteLength);
		if (Buffer.compare(piece, ZEROS.subarray(0, piece.byteLength)) !== 0) return false;
	}
	return true;
}

function checkRange(offset: number, length: number, size: number): void {
	if (offset < 0 || length < 0 || offset + length > size) {
		throw new RangeError(`bytes ${offset} to ${offset + length} reach out of the ${size} there are`);
	}
}
