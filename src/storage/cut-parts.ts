import { type BodyPiece, isRange, type ObjectRange } from "./object-range.ts";

/** Bytes that are a part, at the start of a part buffer. */
export interface FilledPart {
	readonly buffer: Uint8Array;
	readonly size: number;
	/** Nothing is behind it. */
	readonly last: boolean;
}

export interface CutOptions {
	/** An empty buffer, as large as the next part is to be. */
	readonly take: () => Promise<Uint8Array>;
	/**
	 * Fewest bytes of a part that has a range behind it; 0 if there are no ranges. Buffers are at least twice
	 * as large, and one more of them is in use.
	 */
	readonly minSize: number;
}

/**
 * Cuts a body into parts. Chunks are written straight into part buffers, once; ranges pass as they are.
 *
 * A full part is given out when it is certain that it is not the last, and, where a range may follow, that
 * what stands behind it will be large enough for a part: otherwise the two share their bytes.
 */
export async function* cutParts(
	pieces: AsyncIterable<BodyPiece>,
	{ take, minSize }: CutOptions,
): AsyncGenerator<FilledPart | ObjectRange, void, void> {
	let heldBack: Uint8Array | undefined;
	let buffer: Uint8Array | undefined;
	let used = 0;
	for await (const piece of pieces) {
		if (isRange(piece)) {
			if (buffer !== undefined) {
				const lent = heldBack === undefined || used >= minSize ? 0 : minSize - used;
				if (heldBack !== undefined) {
					moveTail(heldBack, lent, buffer, used);
					yield { buffer: heldBack, size: heldBack.byteLength - lent, last: false };
				}
				yield { buffer, size: used + lent, last: false };
			}
			heldBack = undefined;
			buffer = undefined;
			yield piece;
			continue;
		}
		for (let taken = 0; taken < piece.byteLength; ) {
			if (buffer !== undefined && used === buffer.byteLength) {
				if (minSize === 0) yield { buffer, size: used, last: false };
				else heldBack = buffer;
				buffer = undefined;
			}
			if (buffer === undefined) {
				buffer = await take();
				used = 0;
			}
			const count = Math.min(piece.byteLength - taken, buffer.byteLength - used);
			buffer.set(piece.subarray(taken, taken + count), used);
			taken += count;
			used += count;
			if (heldBack !== undefined && used >= minSize) {
				yield { buffer: heldBack, size: heldBack.byteLength, last: false };
				heldBack = undefined;
			}
		}
	}
	if (heldBack !== undefined) yield { buffer: heldBack, size: heldBack.byteLength, last: false };
	if (buffer !== undefined) yield { buffer, size: used, last: true };
}

/** Moves the last bytes of a full buffer to the front of the next one. */
function moveTail(from: Uint8Array, count: number, to: Uint8Array, used: number): void {
	to.copyWithin(count, 0, used);
	to.set(from.subarray(from.byteLength - count), 0);
}
