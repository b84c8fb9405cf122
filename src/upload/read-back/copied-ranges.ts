import { type BodyPiece, isRange, type ObjectRange } from "../../storage/parts/object-range.ts";

/** A range of an object, and where it lies in an archive. */
export interface PlacedRange {
	/** Byte of the archive at which it begins. */
	readonly start: number;
	readonly range: ObjectRange;
}

/** What of an archive the storage copies, and where that lies in it: noted while the archive is made. */
export class CopiedRanges {
	#placed: PlacedRange[] = [];
	#size = 0;

	/** To be called when the archive is made, and when it is made once more. */
	begin(): void {
		this.#placed = [];
		this.#size = 0;
	}

	/** To be called for each piece of the archive, in their order. */
	add(piece: BodyPiece): void {
		if (isRange(piece)) this.#placed.push({ start: this.#size, range: piece });
		this.#size += piece.byteLength;
	}

	get isEmpty(): boolean {
		return this.#placed.length === 0;
	}

	/** Those that have bytes from `start` up to `end`, in the order of the archive. */
	*within(start: number, end: number): Generator<PlacedRange, void, void> {
		for (let at = this.#firstEndingAbove(start); at < this.#placed.length; at++) {
			const placed = this.#placed[at];
			if (placed === undefined || placed.start >= end) return;
			yield placed;
		}
	}

	/** Whether there is one. */
	touches(start: number, end: number): boolean {
		const first = this.#placed[this.#firstEndingAbove(start)];
		return first !== undefined && first.start < end;
	}

	#firstEndingAbove(position: number): number {
		let low = 0;
		let high = this.#placed.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			const placed = this.#placed[middle];
			if (placed !== undefined && placed.start + placed.range.byteLength <= position) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
