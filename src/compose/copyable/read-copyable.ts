import type { ArchiveReader } from "../../reader/archive-reader.ts";
import { readHeader } from "../../reader/directory/read-header.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import {
	hasOwnForm,
	hasOwnVersion,
	ownCentralHeader,
	ownLengths,
	ownWideHeader,
} from "../../verify/own-entry.ts";
import { CopyableEntries } from "./copyable-entries.ts";

/** An archive whose entries cannot be copied as they are. The message goes on behind its name. */
export class NotCopyableError extends Error {
	override readonly name = "NotCopyableError";
}

/**
 * Reads the directory of an archive, and where its entries lie.
 *
 * @throws {NotCopyableError} if it has not the form of archives of zipferry's, whose records are known to the byte.
 * @throws {ArchiveError} if its directory is damaged.
 */
export async function readCopyable(
	archive: ArchiveReader,
	signal?: AbortSignal | undefined,
): Promise<CopyableEntries> {
	const { entryCount, directoryStart, directoryEnd } = archive.end;
	const headers = new Headers(entryCount, directoryEnd - directoryStart);
	for await (const batch of archive.entries(signal)) {
		for (const entry of batch) headers.add(entry);
	}
	return new CopyableEntries(headers.finish(directoryStart));
}

const OTHER_FORM = "was not made by zipferry, or has other bytes between its entries";

class Headers {
	readonly #headers: Uint8Array;
	readonly #headerStarts: Float64Array;
	readonly #starts: Float64Array;
	readonly #lengths: Float64Array;
	/** What an entry may be longer: only the place of the next one tells whether its local header has 8-byte sizes. */
	readonly #growths: Uint8Array;
	#used = 0;
	#count = 0;
	#rising = true;

	constructor(entryCount: number, size: number) {
		this.#headers = Buffer.allocUnsafeSlow(size);
		this.#headerStarts = new Float64Array(entryCount);
		this.#starts = new Float64Array(entryCount + 1);
		this.#lengths = new Float64Array(entryCount);
		this.#growths = new Uint8Array(entryCount);
	}

	add(facts: EntryFacts): void {
		if (!hasOwnVersion(facts) || !hasOwnForm(facts)) throw new NotCopyableError(OTHER_FORM);
		const index = this.#count++;
		const [length, longer = length] = ownLengths(facts);
		this.#growths[index] = longer - length;
		const header = ownCentralHeader(facts, length);
		if (this.#used + header.byteLength > this.#headers.byteLength) throw new NotCopyableError(OTHER_FORM);
		this.#headers.set(header, this.#used);
		this.#headerStarts[index] = this.#used;
		this.#used += header.byteLength;
		this.#starts[index] = facts.offset;
		this.#lengths[index] = length;
		if (index > 0 && facts.offset < (this.#starts[index - 1] ?? 0)) this.#rising = false;
	}

	finish(directoryStart: number) {
		const order = this.#rising ? undefined : this.#order();
		this.#starts[this.#count] = directoryStart;
		let end = 0;
		for (let place = 0; place < this.#count; place++) {
			const index = order?.[place] ?? place;
			if (this.#starts[index] !== end) throw new NotCopyableError(OTHER_FORM);
			const next = place + 1 < this.#count ? (order?.[place + 1] ?? place + 1) : this.#count;
			end = this.#starts[next] ?? 0;
			const more = end - (this.#starts[index] ?? 0) - (this.#lengths[index] ?? 0);
			if (more === 0) continue;
			if (more !== this.#growths[index]) throw new NotCopyableError(OTHER_FORM);
			this.#widen(index);
		}
		if (end !== directoryStart) throw new NotCopyableError(OTHER_FORM);
		const headers = this.#headers.subarray(0, this.#used);
		return { headers, headerStarts: this.#headerStarts, starts: this.#starts, order };
	}

	/** Its header says by the version that it needs that its local header has 8-byte sizes, and has as many bytes. */
	#widen(index: number): void {
		const at = this.#headerStarts[index] ?? 0;
		const facts = readHeader(this.#headers, at, index);
		if ("reason" in facts) throw new TypeError(facts.reason); // it was written here
		this.#headers.set(ownWideHeader(facts), at);
	}

	#order(): Uint32Array {
		const starts = this.#starts.subarray(0, this.#count);
		const order = Uint32Array.from(starts, (_, index) => index);
		return order.sort((one, other) => (starts[one] ?? 0) - (starts[other] ?? 0));
	}
}
