import type { Arrangement, Composition } from "../../archive/composition.ts";
import type { ArchivePlan, FoundEntry } from "../../archive/plan.ts";
import type { Batches } from "../../async/batches.ts";
import { SourceError } from "../../errors.ts";
import type { NotCopiedReason } from "../../events/composing.ts";
import type { MeasurableEntry } from "../../sources/entry-source.ts";
import type { ObjectRange } from "../../storage/parts/object-range.ts";
import type { Entry, MethodChoice } from "../../zip/entry.ts";
import { displayName } from "../../zip/format/entry-name.ts";
import { U32_MAX } from "../../zip/format/limits.ts";
import { ZIP64_END_GROWTH, ZIP64_OFFSET_GROWTH } from "../../zip/format/record-lengths.ts";
import { SizeBound } from "../../zip/format/size-bound.ts";
import type { FinishedRun } from "../../zip/spans.ts";
import { type Copied, NOTHING_COPIED } from "../copied.ts";
import { copiedRun } from "../copyable/copied-run.ts";
import type { CopyableEntries } from "../copyable/copyable-entries.ts";
import { cutRuns, neighbours, type RunCutting } from "../copyable/cut-runs.ts";
import { FoundOrder } from "../placement.ts";
import {
	aloneChain,
	type Chain,
	chainRuns,
	chainSize,
	joinsOf,
	partCountOf,
	plainSize,
	type RunJoining,
} from "./chains.ts";
import { type ComparisonRule, compareEntry } from "./compare-entry.ts";
import { contentOfEntry } from "./content-crc.ts";

/** An earlier archive, and how its entries get into a new one. */
export interface Base {
	/** For messages. */
	readonly location: string;
	readonly entries: CopyableEntries;
	/** A range of its bytes, for the storage to copy. */
	readonly rangeOf: (start: number, end: number) => ObjectRange;
	/**
	 * Has the runs of chains joined by the storage.
	 *
	 * @param chains - Each with a run that is joined.
	 * @returns for each of them the object that has the tail of its first run and all others.
	 */
	readonly join?:
		| ((chains: readonly Chain[], signal: AbortSignal | undefined) => Promise<readonly ObjectRange[]>)
		| undefined;
}

export interface BaseOptions {
	readonly rule: ComparisonRule;
	readonly cutting: RunCutting;
	/** Which short runs are joined to longer ones, if the base has any joined. */
	readonly joining: RunJoining;
	/** Of the new archive. */
	readonly method: MethodChoice | undefined;
	/** Length of its comment, bytes. */
	readonly commentSize: number;
	readonly signal: AbortSignal | undefined;
	/** Told of each entry that is made although there is a base. */
	readonly onNotCopied?: ((name: string, reason: NotCopiedReason) => void) | undefined;
}

const KIND_CODE: Readonly<Record<MeasurableEntry["kind"], number>> = { file: 1, directory: 2, symlink: 3 };

/**
 * An archive of sources of which most are in an earlier one already: what has not changed is copied from there, in the order in which it
 * lies there; everything else is made, and lies behind it. The directory has the order of the sources.
 */
export class BaseComposition implements Composition<ObjectRange> {
	readonly #base: Base;
	readonly #options: BaseOptions;
	/** The kind of an entry of the base that has not changed, by its place in the directory; 0 for all others. */
	readonly #unchanged: Uint8Array;
	/** Whether it is copied. */
	readonly #isCopied: Uint8Array;
	/** Bytes that unchanged entries take at most if they are made. */
	readonly #madeSizes: Float64Array;
	/** What is made as it is new or has changed. It lies behind what is copied, and so does what is made although it has not changed. */
	readonly #bound: SizeBound;
	readonly #unchangedBound: SizeBound;
	#chains: readonly Chain[] = [];
	#copied: Copied = NOTHING_COPIED;

	constructor(base: Base, options: BaseOptions) {
		this.#base = base;
		this.#options = options;
		this.#unchanged = new Uint8Array(base.entries.count);
		this.#isCopied = new Uint8Array(base.entries.count);
		this.#madeSizes = new Float64Array(base.entries.count);
		this.#bound = new SizeBound(options.method, base.entries.size);
		this.#unchangedBound = new SizeBound(options.method, base.entries.size);
	}

	/** Known once the composition is decided. */
	get copied(): Copied {
		return this.#copied;
	}

	look(found: FoundEntry): void | Promise<void> {
		const { entries } = this.#base;
		const index = entries.indexOf(found.entry.name);
		if (index === undefined) return this.#change(found, "new");
		const facts = entries.factsOf(index);
		const comparison = compareEntry(found, facts, entries.headerOf(index), this.#options.rule);
		if (comparison === "read") return this.#read(found, index);
		if (comparison.reason !== undefined) return this.#change(found, comparison.reason);
		this.#keep(found, index);
	}

	decide(plan: ArchivePlan): ArchivePlan {
		const { entries } = this.#base;
		const { cutting, joining, commentSize } = this.#options;
		const isUnchanged = (index: number) => this.#unchanged[index] !== 0;
		const long = cutRuns(entries, isUnchanged, cutting);
		const joined = chainRuns(neighbours(entries, isUnchanged), long, cutting, joining);
		this.#chains = this.#base.join === undefined ? long.map(aloneChain) : joined;
		const sizeOf = (chains: readonly Chain[]) => chains.reduce((sum, chain) => sum + chainSize(chain), 0);
		const size = sizeOf(this.#chains);
		let sourceSize = 0;
		let entryCount = 0;
		let partCount = 0;
		for (const chain of this.#chains) {
			partCount += partCountOf(chain, cutting);
			for (const { from, to } of chain.runs) {
				entryCount += to - from;
				for (let place = from; place < to; place++) {
					const index = entries.at(place);
					sourceSize += entries.factsOf(index).uncompressedSize;
					this.#isCopied[index] = 1;
				}
			}
		}
		const growth = entries.size >= U32_MAX ? ZIP64_OFFSET_GROWTH : 0;
		let more = ZIP64_END_GROWTH;
		for (const run of neighbours(entries, isUnchanged)) {
			const reason = run.end - run.start < cutting.minSize ? "small-run" : "too-many-parts";
			for (let place = run.from; place < run.to; place++) {
				const index = entries.at(place);
				if (this.#isCopied[index] === 1) more += entries.headerOf(index).byteLength + growth;
				else {
					more += this.#madeSizes[index] ?? 0;
					this.#tell(entries.factsOf(index).rawName, reason);
				}
			}
		}
		this.#copied = {
			...{ size, sourceSize, entryCount, partCount },
			...{ joins: joinsOf(this.#chains), joinableSize: sizeOf(joined) - size },
		};
		if (plan.sizeBound === undefined || !this.#bound.known) return plan;
		const made = this.#bound.bytes(commentSize) - entries.size;
		return { ...plan, exact: false, sizeBound: size + more + made };
	}

	arrange(entries: Batches<MeasurableEntry>, signal: AbortSignal | undefined): Arrangement<ObjectRange> {
		if (this.#chains.length === 0) return { items: entries };
		const placement = new FoundOrder(this.#base.entries.count);
		return { items: this.#items(entries, placement, signal), placement };
	}

	async *#items(
		entries: Batches<MeasurableEntry>,
		placement: FoundOrder,
		signal: AbortSignal | undefined,
	): AsyncGenerator<Iterable<Entry | FinishedRun<ObjectRange>>, void, void> {
		const joined = this.#chains.filter(({ runs }) => runs.length > 1);
		const objects = joined.length === 0 ? [] : ((await this.#base.join?.(joined, signal)) ?? []);
		yield this.#copiedRuns(objects);
		const met = new Uint8Array(this.#isCopied.length);
		let position = 0;
		const made = function* (
			this: BaseComposition,
			batch: Iterable<MeasurableEntry>,
		): Generator<Entry, void, void> {
			for (const entry of batch) {
				const index = this.#base.entries.indexOf(entry.name);
				const place = position++;
				if (index !== undefined && met[index] === 0) placement.tell(index, place);
				if (index !== undefined && this.#isCopyOf(index, entry, met)) met[index] = 1;
				else yield Object.assign(entry, { position: place });
			}
		};
		for await (const batch of entries) yield made.call(this, batch);
	}

	/** @param objects - Of the chains that something is joined in. */
	*#copiedRuns(objects: readonly ObjectRange[]): Generator<FinishedRun<ObjectRange>, void, void> {
		const { entries, location, rangeOf } = this.#base;
		let used = 0;
		for (const chain of this.#chains) {
			const { runs, tail } = chain;
			const joined = runs.length > 1 ? objects.slice(used, ++used) : [];
			const spans = plainSize(chain) === 0 ? joined : [rangeOf(runs[0].start, tail), ...joined];
			yield copiedRun({ entries, runs, location, spans, heldSize: 0, positionOf: FoundOrder.ofCopied });
		}
	}

	/**
	 * Whether the copied entry stands for this one. One that comes a second time is passed on, to be refused, and so is one that planning
	 * has not seen: what is copied was planned.
	 *
	 * @throws {SourceError}
	 */
	#isCopyOf(index: number, { kind, origin, unplanned }: MeasurableEntry, met: Uint8Array): boolean {
		if (this.#isCopied[index] !== 1 || met[index] === 1 || unplanned === true) return false;
		if (this.#unchanged[index] === KIND_CODE[kind]) return true;
		throw new SourceError("SOURCE_CHANGED", `${origin} has become a ${kind} since it was looked at`, {
			origin,
		});
	}

	#keep({ entry, size, mtimeMs }: FoundEntry, index: number): void {
		const { name, kind, comment, method, raw } = entry;
		this.#unchanged[index] = KIND_CODE[kind];
		this.#madeSizes[index] = this.#unchangedBound.add({ name, kind, size, mtimeMs, comment, method, raw });
	}

	async #read(found: FoundEntry, index: number): Promise<void> {
		const { signal = new AbortController().signal } = this.#options;
		const { crc32, uncompressedSize } = this.#base.entries.factsOf(index);
		let content: Awaited<ReturnType<typeof contentOfEntry>> | undefined;
		try {
			content = await contentOfEntry(found.entry, signal);
		} catch {
			signal.throwIfAborted();
			// Whether that is an error is decided when the entry is made.
		}
		if (content?.crc32 === crc32 && content.size === uncompressedSize) this.#keep(found, index);
		else this.#change(found, "content");
	}

	#change({ entry, size, mtimeMs }: FoundEntry, reason: NotCopiedReason): void {
		const { name, kind, comment, method, raw } = entry;
		this.#bound.add({ name, kind, size, mtimeMs, comment, method, raw });
		this.#tell(name, reason);
	}

	#tell(name: Uint8Array, reason: NotCopiedReason): void {
		this.#options.onNotCopied?.(displayName(name), reason);
	}
}
