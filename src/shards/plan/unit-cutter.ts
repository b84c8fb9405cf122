import type { EntryPin } from "../../sources/pins/entry-pin.ts";
import type { Entry, MethodChoice } from "../../zip/entry.ts";
import { SizeBound } from "../../zip/format/size-bound.ts";
import type { PageWriter } from "./page-writer.ts";
import { type Unit, type UnitLimits, Units } from "./units.ts";

/** What an entry counts for. */
export interface CountedEntry extends Pick<EntryPin, "size">, Pick<Entry, "name" | "kind" | "mtimeMs"> {}

/** Cuts what is listed into units, while it is listed. */
export class UnitCutter {
	readonly #pages: Pick<PageWriter, "add" | "cut">;
	readonly #units: Units;
	readonly bound: SizeBound;
	#entryCount = 0;
	#sourceSize = 0;
	#storedSize = 0;
	/** Of the archive before this unit. */
	#start = 0;

	constructor(method: MethodChoice, limits: UnitLimits, pages: Pick<PageWriter, "add" | "cut">) {
		this.#pages = pages;
		this.#units = new Units(limits);
		this.bound = new SizeBound(method);
	}

	/**
	 * Adds an entry.
	 *
	 * @param row - It, for workers.
	 * @returns what has to be waited for before the next one, if anything.
	 */
	add(entry: CountedEntry, row: string): Promise<void> | undefined {
		const { maxEntries, maxBytes } = this.#units.target;
		const isFull = this.#entryCount >= maxEntries || this.#sourceSize + entry.size > maxBytes;
		if (isFull && this.#entryCount > 0) this.#cut();
		this.bound.add(entry);
		this.#entryCount += 1;
		this.#sourceSize += entry.size;
		this.#storedSize += LEAST_HEADER + entry.name.byteLength + entry.size;
		return this.#pages.add(row);
	}

	/** All units, also the one that is not full. */
	end(): readonly Unit[] {
		if (this.#entryCount > 0) this.#cut();
		return this.#units.all;
	}

	#cut(): void {
		const { offset } = this.bound.directory;
		this.#units.add({
			entryCount: this.#entryCount,
			sourceSize: this.#sourceSize,
			storedSize: this.#storedSize,
			sizeBound: offset - this.#start,
			rows: this.#pages.cut(),
		});
		this.#start = offset;
		this.#entryCount = 0;
		this.#sourceSize = 0;
		this.#storedSize = 0;
	}
}

/** A local file header without name and extra fields (APPNOTE 4.3.7). */
const LEAST_HEADER = 30;
