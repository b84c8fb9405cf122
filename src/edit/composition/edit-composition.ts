import type { Arrangement, Composition } from "../../archive/composition.ts";
import type { ArchivePlan, FoundEntry } from "../../archive/plan.ts";
import type { Batches } from "../../async/batches.ts";
import type { Copied } from "../../compose/copied.ts";
import { contentOfRun, copiedRun } from "../../compose/copyable/copied-run.ts";
import { cutRuns, neighbours, type RunCutting } from "../../compose/copyable/cut-runs.ts";
import { FoundOrder } from "../../compose/placement.ts";
import { SourceError } from "../../errors.ts";
import type { MeasurableEntry } from "../../sources/entry-source.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { Entry } from "../../zip/entry.ts";
import { displayName } from "../../zip/format/entry-name.ts";
import { U32_MAX } from "../../zip/format/limits.ts";
import { ZIP64_END_GROWTH, ZIP64_OFFSET_GROWTH } from "../../zip/format/record-lengths.ts";
import type { FinishedRun } from "../../zip/spans.ts";
import type { EditedArchive } from "../archives/open-edited.ts";
import { AddedNames } from "./added-names.ts";
import { type CarriedRun, carriedRuns } from "./carried-runs.ts";
import type { KeptEntries } from "./kept-entries.ts";
import { textOf } from "./names.ts";

/** What goes through this machine of archives that are there. */
export interface Carried {
	readonly entryCount: number;
	/** Bytes of the archive. */
	readonly size: number;
}

/**
 * The archive that an edit makes: entries of archives that exist, and behind them entries of sources.
 *
 * Runs of neighbours that are large enough for a part are copied by the storage, and lie first; smaller ones are carried behind them,
 * as they are; then comes what is made. The directory has the order of the archives, with what is new at its end.
 */
export class EditComposition implements Composition<ObjectRange> {
	readonly #archives: readonly EditedArchive[];
	readonly #kept: KeptEntries;
	readonly #cutting: RunCutting;
	readonly #names: AddedNames;
	#copiedRuns: readonly (CarriedRun & { readonly archive: EditedArchive })[] = [];
	#carriedRuns: readonly CarriedRun[] = [];
	#leftOutCount = 0;
	#addedCount = 0;
	/** What the storage copies; known once the composition is decided. */
	copied: Omit<Copied, "sourceSize"> = { entryCount: 0, size: 0, partCount: 0 };
	/** What is read and sent as it is; known once the composition is decided. */
	carried: Carried = { entryCount: 0, size: 0 };

	/** @param replace - Whether what is added takes the place of what is there. */
	constructor(archives: readonly EditedArchive[], kept: KeptEntries, cutting: RunCutting, replace: boolean) {
		this.#archives = archives;
		this.#kept = kept;
		this.#cutting = cutting;
		this.#names = new AddedNames(kept, replace);
	}

	/** Entries of sources that go into the archive, of those that could be looked at before. */
	get addedCount(): number {
		return this.#addedCount;
	}

	look({ entry }: FoundEntry): void {
		if (this.#names.add(entry)) this.#addedCount += 1;
		else this.#leftOutCount += 1;
	}

	decide(plan: ArchivePlan): ArchivePlan {
		const { copied, carried, headerSize, contentSize } = this.#cut();
		this.copied = copied;
		this.carried = carried;
		const entryCount = plan.entryCount - this.#leftOutCount + this.#kept.count;
		const more = copied.size + carried.size + headerSize + ZIP64_END_GROWTH;
		const sizeBound = plan.sizeBound === undefined ? undefined : plan.sizeBound + more;
		const zip64 = plan.zip64 || entryCount >= 0xffff || (sizeBound ?? more) >= U32_MAX;
		// How far a run is counts by contents, and what is copied counts as well.
		const sourceSize = plan.sourceSize + contentSize;
		return { ...plan, entryCount, sourceSize, sizeBound, exact: false, zip64 };
	}

	arrange(entries: Batches<MeasurableEntry>, signal: AbortSignal | undefined): Arrangement<ObjectRange> {
		return { items: this.#items(entries, signal), placement: new FoundOrder(0) };
	}

	#cut() {
		const copied: (CarriedRun & { readonly archive: EditedArchive })[] = [];
		const carried: CarriedRun[] = [];
		let [headerSize, contentSize, copiedCount, copiedSize, partCount, carriedCount, carriedSize] = [
			0, 0, 0, 0, 0, 0, 0,
		];
		let before = 0;
		for (const [number, archive] of this.#archives.entries()) {
			const { entries } = archive;
			const first = before;
			const positionOf = (index: number) => first + index;
			const isKept = (index: number) => this.#kept.isKept(number, index);
			const isCopied = new Uint8Array(entries.count);
			const left = this.#cutting.maxPartCount - partCount;
			for (const run of cutRuns(entries, isKept, { ...this.#cutting, maxPartCount: left })) {
				copied.push({ archive, run, positionOf });
				copiedCount += run.to - run.from;
				copiedSize += run.end - run.start;
				partCount += Math.ceil((run.end - run.start) / this.#cutting.maxPartSize);
				for (let place = run.from; place < run.to; place++) isCopied[entries.at(place)] = 1;
			}
			for (const run of neighbours(entries, (index) => isKept(index) && isCopied[index] === 0)) {
				carried.push({ archive, run, positionOf });
				carriedCount += run.to - run.from;
				carriedSize += run.end - run.start;
			}
			for (let index = 0; index < entries.count; index++) {
				if (!isKept(index)) continue;
				headerSize += entries.headerOf(index).byteLength + ZIP64_OFFSET_GROWTH;
				contentSize += entries.factsOf(index).uncompressedSize;
			}
			before += entries.count;
		}
		this.#copiedRuns = copied;
		this.#carriedRuns = carried;
		return {
			copied: { entryCount: copiedCount, size: copiedSize, partCount },
			carried: { entryCount: carriedCount, size: carriedSize },
			...{ headerSize, contentSize },
		};
	}

	async *#items(
		entries: Batches<MeasurableEntry>,
		signal: AbortSignal | undefined,
	): AsyncGenerator<Iterable<Entry | FinishedRun<ObjectRange>>, void, void> {
		yield this.#copies();
		yield* carriedRuns(this.#carriedRuns, signal);
		let position = this.#kept.totalCount;
		const names = this.#names;
		const awaited = new Set(names.replacing);
		const made = function* (batch: Iterable<MeasurableEntry>): Generator<Entry, void, void> {
			for (const entry of batch) {
				// Any other name that is there already is passed on, to be refused.
				if (entry.kind === "directory" && names.isThere(entry)) continue;
				if (awaited.size > 0) awaited.delete(textOf(entry.name));
				yield Object.assign(entry, { position: position++ });
			}
		};
		for await (const batch of entries) yield made(batch);
		for (const name of awaited) throw gone(name);
	}

	*#copies(): Generator<FinishedRun<ObjectRange>, void, void> {
		for (const { archive, run, positionOf } of this.#copiedRuns) {
			const { entries, location, pin } = archive;
			const range: ObjectRange = {
				source: { bucket: pin.bucket, key: pin.key, versionId: pin.versionId },
				etag: pin.etag,
				offset: run.start,
				byteLength: run.end - run.start,
			};
			const copied = copiedRun({ entries, runs: [run], location, spans: [range], heldSize: 0, positionOf });
			yield { ...copied, read: contentOfRun(entries, run) };
		}
	}
}

/** @param name - One character for each byte. */
function gone(name: string): SourceError {
	const origin = displayName(Buffer.from(name, "latin1"));
	const message = `"${origin}", which was to replace an entry, is gone since it was looked at`;
	return new SourceError("SOURCE_CHANGED", message, { origin });
}
