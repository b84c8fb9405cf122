import { headerLength, movedHeader, moveInPlace, saysZip64 } from "../format/central-header.ts";
import { CENTRAL_DIRECTORY_HEADER_LENGTH } from "../format/record-lengths.ts";
import { endOfCentralDirectory, needsZip64End } from "../format/records.ts";

/**
 * The central directory of an archive, put together from those of runs of entries that follow each other. It passes through: nothing
 * of it is kept.
 */
export class MergedDirectory {
	#entryCount = 0;
	#size = 0;
	#zip64 = false;

	get entryCount(): number {
		return this.#entryCount;
	}

	/** Whether anything so far needs ZIP64; behind {@link end}, whether anything in the archive does. */
	get zip64(): boolean {
		return this.#zip64;
	}

	/**
	 * The headers of one run, as they stand in the archive.
	 *
	 * @param chunks - Central directory headers whose offsets count from the start of the run, cut anywhere.
	 * @param distance - Bytes before the run.
	 */
	async *append(chunks: AsyncIterable<Uint8Array>, distance: number): AsyncGenerator<Uint8Array, void, void> {
		let rest: Uint8Array = new Uint8Array(0);
		for await (const chunk of chunks) {
			// A copy, as the headers are changed.
			const bytes = Buffer.concat([rest, chunk]);
			const whole = wholeHeaders(bytes);
			rest = bytes.subarray(whole);
			for (const piece of this.#moved(bytes.subarray(0, whole), distance)) {
				this.#size += piece.byteLength;
				yield piece;
			}
		}
		if (rest.byteLength > 0)
			throw new RangeError("the central directory of a run ends in the middle of a header");
	}

	/**
	 * The records behind the headers.
	 *
	 * @param offset - Of the central directory: bytes of all runs.
	 */
	end(offset: number, comment: Uint8Array): Uint8Array {
		const totals = { entryCount: this.#entryCount, size: this.#size, offset };
		this.#zip64 ||= needsZip64End(totals);
		return endOfCentralDirectory(totals, comment);
	}

	/** Whole headers, moved where they are; but for those that have to grow for it. */
	*#moved(headers: Uint8Array, distance: number): Generator<Uint8Array, void, void> {
		let start = 0;
		for (let at = 0; at < headers.byteLength; ) {
			const end = at + headerLength(headers, at);
			const header = headers.subarray(at, end);
			this.#entryCount += 1;
			this.#zip64 ||= saysZip64(header);
			if (distance > 0 && !moveInPlace(headers, at, distance)) {
				if (at > start) yield headers.subarray(start, at);
				yield movedHeader(header, distance);
				start = end;
			}
			at = end;
		}
		if (headers.byteLength > start) yield headers.subarray(start);
	}
}

/** Bytes of the headers that are there from start to end. */
function wholeHeaders(bytes: Uint8Array): number {
	let at = 0;
	while (at + CENTRAL_DIRECTORY_HEADER_LENGTH <= bytes.byteLength) {
		const end = at + headerLength(bytes, at);
		if (end > bytes.byteLength) break;
		at = end;
	}
	return at;
}
