import type { Batches } from "../../async/batches.ts";
import { Turns } from "../../async/turns.ts";
import { describeSize } from "../../bytes/units.ts";
import type { Warning } from "../../events.ts";
import { ArchiveError } from "../../reader/archive-error.ts";
import type { ArchiveReader } from "../../reader/archive-reader.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { leastHeaderLength } from "../../reader/entry-data.ts";
import { isOverstated, unsupportedReason } from "../../reader/methods.ts";
import { Selection } from "../../reader/selection.ts";
import { ExtractError, unsafeEntry } from "../extract-error.ts";
import type { ExtractSettings } from "../options.ts";
import type { Extraction, PlacedEntry, Target } from "../target.ts";
import { Extents } from "./extents.ts";
import { findNames } from "./find-names.ts";
import { HeaderCheck } from "./header-check.ts";
import { IndexSet } from "./index-set.ts";
import { LONGEST_LINK } from "./link-target.ts";
import { NameCheck } from "./name-check.ts";
import { isNear } from "./near-archive.ts";
import { type Placing, placeEntry } from "./place-entry.ts";

/** What is known when the directory has been gone through once. Nothing has been written. */
export interface ExtractionPlan extends Extraction {
	/** Entries to extract, by their index. */
	readonly chosen: IndexSet;
	readonly placing: Placing;
	/** Whether the entries lie in the order of the directory. */
	ordered: boolean;
	entryCount: number;
	fileCount: number;
	linkCount: number;
	/** Files that cannot have as many bytes as the directory states. */
	overstatedCount: number;
	size: number;
	/** Entries that are there already. */
	doneCount: number;
	/** Entries that the target cannot have. */
	leftOutCount: number;
}

/** Whether an entry is among those to extract. */
export type IsWanted = (entry: EntryFacts) => boolean;

interface Planning {
	readonly warn: (warning: Warning) => void;
	readonly isWanted: IsWanted;
}

/**
 * Goes through the directory once and refuses what cannot be extracted as a whole: names that lead elsewhere or are in each other's way,
 * entries that share bytes or cannot be read, more bytes than allowed; local headers that say something else, where they are near.
 *
 * Holds 16 bytes for each entry of the archive, and 12 to 24 for each that is extracted.
 *
 * @throws {ExtractError} `UNSAFE_ENTRY`, `SIZE_LIMIT`
 * @throws {ArchiveError} `INVALID_ARCHIVE`, `ENTRY_UNSUPPORTED`, `NO_SUCH_ENTRY`
 */
export async function planExtraction(
	reader: ArchiveReader,
	target: Target,
	settings: ExtractSettings,
	planning: Planning,
): Promise<ExtractionPlan> {
	const planner = new Planner(reader, target, settings, planning);
	await planner.run();
	return planner.plan;
}

class Planner {
	readonly #reader: ArchiveReader;
	readonly #target: Target;
	readonly #settings: ExtractSettings;
	readonly #warn: (warning: Warning) => void;
	readonly #isWanted: IsWanted;
	readonly #location: string;
	readonly #selection: Selection;
	readonly #extents = new Extents();
	readonly #names: NameCheck;
	/** `undefined` where each header would cost a request. */
	readonly #headers: HeaderCheck | undefined;
	readonly plan: ExtractionPlan;

	constructor(
		reader: ArchiveReader,
		target: Target,
		settings: ExtractSettings,
		{ warn, isWanted }: Planning,
	) {
		this.#reader = reader;
		this.#target = target;
		this.#settings = settings;
		this.#warn = warn;
		this.#isWanted = isWanted;
		this.#location = reader.source.location;
		this.#selection = new Selection(settings.patterns);
		this.#names = new NameCheck(this.#location, (path) => path);
		this.#headers = isNear(reader) ? new HeaderCheck(reader) : undefined;
		this.plan = {
			entryCount: 0,
			fileCount: 0,
			linkCount: 0,
			overstatedCount: 0,
			size: 0,
			doneCount: 0,
			leftOutCount: 0,
			chosen: new IndexSet(),
			ordered: true,
			placing: {
				location: this.#location,
				stripComponents: settings.stripComponents,
				onWindows: process.platform === "win32",
			},
		};
	}

	async run(): Promise<void> {
		const { signal, maxSize } = this.#settings;
		const turns = new Turns();
		for await (const batch of this.#entries()) {
			for (const entry of batch) {
				if (turns.due) await turns.give();
				signal?.throwIfAborted();
				const placed = this.#admit(entry);
				if (placed === undefined) continue;
				const look = this.#target.look(placed);
				this.#count(placed, typeof look === "string" ? look : await look);
				const waiting = entry.kind === "directory" ? undefined : this.#headers?.check(entry, signal);
				if (waiting !== undefined) await waiting;
			}
		}
		this.plan.ordered = this.#extents.ordered;
		this.#selection.checkAllMatched(this.#location);
		await this.#refuseOverlap();
		await this.#names.refuseConflict(() => this.#placed());
		await this.#headers?.finish(signal);
		if (maxSize !== undefined && this.plan.size > maxSize)
			throw new ExtractError(
				"SIZE_LIMIT",
				`${this.#location}: what is to be extracted has ${describeSize(this.plan.size)}, more than the limit of ${describeSize(maxSize)}`,
			);
	}

	#entries(): Batches<EntryFacts> {
		return this.#reader.entries(this.#settings.signal);
	}

	/** The place of an entry that is going to be extracted. */
	#admit(entry: EntryFacts): PlacedEntry | undefined {
		this.#extents.add(entry.offset, entry.offset + leastHeaderLength(entry) + entry.compressedSize);
		const placed = placeEntry(entry, this.plan.placing, this.#selection);
		if (placed === undefined || !this.#isWanted(entry)) return undefined;
		const objection = this.#target.objectionTo(entry);
		if (objection !== undefined) {
			this.#leaveOut(entry, objection);
			return undefined;
		}
		const isDirectory = entry.kind === "directory";
		const reason = isDirectory ? directoryObjection(entry) : unsupportedReason(entry);
		if (reason !== undefined) throw this.#refused("ENTRY_UNSUPPORTED", entry, reason);
		if (entry.kind === "symlink" && entry.uncompressedSize > LONGEST_LINK)
			throw unsafeEntry(this.#location, entry.name, "is a symbolic link to a path that is too long");
		this.#names.add(placed);
		return placed;
	}

	#count(entry: PlacedEntry, look: "free" | "done" | "taken"): void {
		const { index, kind, uncompressedSize } = entry;
		if (look === "done") {
			this.plan.doneCount += 1;
			return;
		}
		this.plan.chosen.add(index);
		this.plan.entryCount += 1;
		if (kind === "directory") return;
		this.plan.fileCount += 1;
		if (kind === "symlink") this.plan.linkCount += 1;
		else this.plan.size += uncompressedSize;
		if (isOverstated(entry)) this.plan.overstatedCount += 1;
	}

	#leaveOut({ name }: EntryFacts, reason: string): void {
		this.plan.leftOutCount += 1;
		const message = `the entry "${name}" ${reason}; it is left out`;
		this.#warn({ code: "ENTRY_LEFT_OUT", message, origin: name });
	}

	async #refuseOverlap(): Promise<void> {
		const overlap = this.#extents.findOverlap();
		if (overlap === undefined) return;
		const [first, second] = await findNames(this.#entries(), overlap);
		throw new ArchiveError("INVALID_ARCHIVE", `shares bytes with the entry "${first}"`, {
			location: this.#location,
			entryName: second,
		});
	}

	/** The entries with their places, once more. */
	async *#placed(): AsyncGenerator<PlacedEntry, void, void> {
		const selection = new Selection(this.#settings.patterns);
		for await (const batch of this.#entries())
			for (const entry of batch) {
				if (!this.#isWanted(entry) || this.#target.objectionTo(entry) !== undefined) continue;
				const placed = placeEntry(entry, this.plan.placing, selection);
				if (placed !== undefined) yield placed;
			}
	}

	#refused(code: "ENTRY_UNSUPPORTED", { name, offset }: EntryFacts, reason: string): ArchiveError {
		return new ArchiveError(code, reason, { location: this.#location, entryName: name, offset });
	}
}

/** Some tools give directories an end of compressed data; content is another thing. */
function directoryObjection({ uncompressedSize }: EntryFacts): string | undefined {
	return uncompressedSize === 0 ? undefined : "is a directory, but has data";
}
