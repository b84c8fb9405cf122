import { minCopiedSize } from "../../../compose/objects/choose-objects.ts";
import type { PartLimits } from "../../../s3/providers.ts";
import type { ObjectRange } from "../../../storage/parts/object-range.ts";

/** An object that is stored in the archive as it is, and that the storage which the archive goes to has already. */
export interface CopyCandidate extends Pick<ObjectRange, "source" | "etag"> {
	/** Number of its entry, from 0. */
	readonly entry: number;
	/** Offset in the archive where its content ends. */
	readonly end: number;
	/** Bytes of its content. */
	readonly size: number;
}

/** Parts of each object that is copied, at least: its beginning, and the rest. */
const PARTS_OF_COPY = 2;

/** Objects that may be copied, gathered while they are listed: the largest, and no more than there are parts for. */
export class CopyCandidates {
	readonly #minSize: number;
	readonly #maxCount: number;
	#all: CopyCandidate[] = [];

	constructor(limits: PartLimits) {
		this.#minSize = minCopiedSize(limits);
		this.#maxCount = Math.floor(limits.maxPartCount / PARTS_OF_COPY);
	}

	/** @param candidate - Behind all that were added before. */
	add(candidate: CopyCandidate): void {
		if (candidate.size < this.#minSize) return;
		this.#all.push(candidate);
		if (this.#all.length >= 2 * this.#maxCount) this.#all = this.#largest;
	}

	/** In their order in the archive. */
	get all(): readonly CopyCandidate[] {
		return this.#all.length > this.#maxCount ? this.#largest : this.#all;
	}

	get #largest(): CopyCandidate[] {
		const bySize = [...this.#all].sort((one, other) => other.size - one.size || one.entry - other.entry);
		return bySize.slice(0, this.#maxCount).sort((one, other) => one.entry - other.entry);
	}
}
