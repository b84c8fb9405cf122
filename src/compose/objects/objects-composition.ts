import type { Arrangement, Composition } from "../../archive/composition.ts";
import type { ArchivePlan, FoundEntry } from "../../archive/plan.ts";
import type { Batches } from "../../async/batches.ts";
import type { PartLimits } from "../../s3/providers.ts";
import type { MeasurableEntry } from "../../sources/entry-source.ts";
import type { ChecksumOrigin, StoredContent } from "../../sources/objects/stored/stored-content.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { MethodChoice } from "../../zip/entry.ts";
import { type Copied, NOTHING_COPIED } from "../copied.ts";
import { chooseObjects, minCopiedSize, type ObjectChoice, startSizeOf } from "./choose-objects.ts";
import { type ChosenContent, type CopyTrial, prepareObjects } from "./prepare-objects.ts";

export interface ObjectsOptions {
	/** Of the archive. */
	readonly method: MethodChoice | undefined;
	/** Of the storage. */
	readonly limits: PartLimits;
	/** Bytes of a part, if the caller has said so. */
	readonly partSize: number | undefined;
	/** Tells CRC-32s that the storage does not keep, where it can. For one time that the archive is made. */
	readonly openTrial?: (() => CopyTrial) | undefined;
}

/** Number of objects that were copied, by where their CRC-32 is from. */
export interface CopiedChecksums {
	/** The storage keeps one of the whole object. */
	readonly head: number;
	/** The storage keeps those of the parts that it was uploaded in. */
	readonly parts: number;
	/** The storage has told that of a copy, which was made for that alone. */
	readonly copies: number;
	/** It was read from beginning to end, and not sent. */
	readonly read: number;
}

/** What was copied when the archive was made. */
export interface CopiedObjects {
	readonly entryCount: number;
	/** Bytes. */
	readonly size: number;
	readonly checksums: CopiedChecksums;
}

const NO_OBJECTS: CopiedObjects = {
	entryCount: 0,
	size: 0,
	checksums: { head: 0, parts: 0, copies: 0, read: 0 },
};

/**
 * An archive of which large entries are objects of the storage it goes to: their beginnings pass through here, and the storage copies the
 * rest. Everything else is made as always, in its place, and the bytes of the archive are the same as without.
 */
export class ObjectsComposition implements Composition<ObjectRange> {
	readonly #options: ObjectsOptions;
	readonly #sizes: number[] = [];
	#choice: ObjectChoice | undefined;
	#made: CopiedObjects = NO_OBJECTS;

	constructor(options: ObjectsOptions) {
		this.#options = options;
	}

	/** Known once the composition is decided. */
	get copied(): Copied {
		if (this.#choice === undefined) return NOTHING_COPIED;
		const { count, copiedSize, partCount, sentSize, partSize, otherPartCount } = this.#choice;
		const among = { sentSize, partSize, otherPartCount };
		return { entryCount: count, size: copiedSize, partCount, among };
	}

	/** Of the archive that was made last. */
	get made(): CopiedObjects {
		return this.#made;
	}

	/** From now on nothing is copied. */
	carryAll(): void {
		this.#choice = undefined;
	}

	look({ entry }: FoundEntry): void {
		const stored = this.#copyable(entry);
		if (stored !== undefined) this.#sizes.push(stored.size);
	}

	decide(plan: ArchivePlan): ArchivePlan {
		const { limits, partSize } = this.#options;
		this.#choice = chooseObjects({ sizes: this.#sizes, sizeBound: plan.sizeBound, limits, partSize });
		return plan;
	}

	arrange(entries: Batches<MeasurableEntry>, signal: AbortSignal | undefined): Arrangement<ObjectRange> {
		this.#made = NO_OBJECTS;
		if (this.#choice === undefined) return { items: entries };
		const items = prepareObjects(entries, {
			choose: this.#chooser(this.#choice),
			startSize: startSizeOf(this.#options.limits),
			trial: this.#options.openTrial?.(),
			onPrepared: (origin, size) => this.#count(origin, size),
			signal,
		});
		return { items };
	}

	/** What was listed since then may be more: no more objects are copied than there are parts for. */
	#chooser({ count, minSize, countOfMinSize }: ObjectChoice) {
		let left = count;
		let leftOfMinSize = countOfMinSize;
		return (entry: MeasurableEntry): ChosenContent | undefined => {
			const stored = this.#copyable(entry);
			if (stored === undefined || stored.size < minSize || left === 0) return undefined;
			if (stored.size === minSize && leftOfMinSize-- <= 0) return undefined;
			left -= 1;
			return { stored, endSize: 0 };
		};
	}

	#copyable(entry: MeasurableEntry): StoredContent | undefined {
		const { method, limits } = this.#options;
		if ((entry.method ?? method) !== "store" || (entry.size ?? 0) < minCopiedSize(limits)) return undefined;
		return entry.stored;
	}

	#count(origin: ChecksumOrigin, copiedSize: number): void {
		const { entryCount, size, checksums } = this.#made;
		this.#made = {
			entryCount: entryCount + 1,
			size: size + copiedSize,
			checksums: { ...checksums, [origin]: checksums[origin] + 1 },
		};
	}
}
