import { crc32 } from "../../bytes/crc32.ts";
import { MiB } from "../../bytes/units.ts";
import type { EntryPage, RowRange } from "../manifest.ts";

const PAGE_SIZE = 8 * MiB;

/** Puts a page where workers find it. */
export type PutPage = (index: number, bytes: Uint8Array) => Promise<void>;

/** Writes rows into pages, one after the other, and has each put when it is full, while the next one fills. */
export class PageWriter {
	readonly #put: PutPage;
	readonly #pages: EntryPage[] = [];
	#putting: Promise<void> = Promise.resolve();
	#buffer: Buffer = Buffer.allocUnsafeSlow(PAGE_SIZE);
	#used = 0;
	/** Where the rows begin that no range has yet. */
	#start = 0;
	/** Ranges of earlier pages since the last cut. */
	#ranges: RowRange[] = [];

	constructor(put: PutPage) {
		this.#put = put;
	}

	/**
	 * Adds a row.
	 *
	 * @param row - ASCII, less than a page.
	 * @returns what has to be waited for before the next row, if anything.
	 */
	add(row: string): Promise<void> | undefined {
		const waiting = this.#used + row.length > PAGE_SIZE ? this.#turn() : undefined;
		this.#used += this.#buffer.write(row, this.#used, "latin1");
		return waiting;
	}

	/** The ranges of all rows since the last call. */
	cut(): readonly RowRange[] {
		this.#closeRange();
		const ranges = this.#ranges;
		this.#ranges = [];
		return ranges;
	}

	/** Puts what is left. @returns all pages */
	async end(): Promise<readonly EntryPage[]> {
		if (this.#used > 0) void this.#turn();
		await this.#putting;
		return this.#pages;
	}

	/** Waits until nothing is under way any more, well or not. */
	async settle(): Promise<void> {
		await this.#putting.catch(() => {}); // told by end()
	}

	#closeRange(): void {
		const [start, end] = [this.#start, this.#used];
		if (start === end) return;
		const rows = this.#buffer.subarray(start, end);
		this.#ranges.push({ page: this.#pages.length, offset: start, size: rows.byteLength, crc32: crc32(rows) });
		this.#start = end;
	}

	/** Begins a page. @returns the page before the last one, which has to be there before another one fills */
	#turn(): Promise<void> {
		this.#closeRange();
		const index = this.#pages.length;
		const bytes = this.#buffer.subarray(0, this.#used);
		this.#pages.push({ size: bytes.byteLength, crc32: crc32(bytes) });
		const before = this.#putting;
		this.#putting = before.then(() => this.#put(index, bytes));
		this.#putting.catch(() => {}); // reported by whoever waits for it
		this.#buffer = Buffer.allocUnsafeSlow(PAGE_SIZE);
		this.#used = 0;
		this.#start = 0;
		return before;
	}
}
