import type { ArchiveEntry } from "../../../reader/archive.ts";
import { Selection } from "../../../reader/selection.ts";
import { EXIT } from "../../exit-codes.ts";
import type { FIND_OPTIONS } from "../../options/backup/find-options.ts";
import type { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import type { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import type { LIST_OPTIONS, READER_OPTIONS, SORT_CHOICES } from "../../options/reader-options.ts";
import { type Io, writeLine } from "../../terminal/io.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import type { Given } from "../command.ts";
import { entryJson, entryLine } from "./entry-line.ts";
import { withArchive } from "./open-for-command.ts";

type LsOptions = Omit<typeof OUTPUT_OPTIONS, "json"> &
	typeof LIST_OPTIONS &
	typeof READER_OPTIONS &
	typeof FIND_OPTIONS &
	typeof CONNECT_OPTIONS;
type LsGiven = Given<LsOptions, { readonly archive: string; readonly pattern: readonly string[] }>;

export async function runLs({ operands, values, settings }: LsGiven, io: Io): Promise<number> {
	return withArchive(operands.archive, settings, values, io, async (archive) => {
		const total = new Total();
		const selection = new Selection(operands.pattern);
		const found = total.counting(selected(archive, selection));
		const { json = false, long = false, exact = false } = values;
		const shown = ordered(found, values.sort, values.reverse === true);
		if (json) await printAll(mapped(shown, entryJson), (rows) => io.stdout.printJsonLines(rows), io);
		else {
			const line = (entry: ArchiveEntry) => (long ? entryLine(entry, { exact }) : printable(entry.name));
			await printAll(mapped(shown, line), (lines) => io.stdout.print(`${lines.join("\n")}\n`), io);
		}
		if (io.stdout.failed) return EXIT.ok; // nobody reads on, or what it is is told in the end
		selection.checkAllMatched(archive.location);
		if (!json && values.quiet !== true) writeLine(io.stderr, total.inWords(archive.entryCount, exact));
		return EXIT.ok;
	});
}

async function* selected(
	entries: AsyncIterable<ArchiveEntry>,
	selection: Selection,
): AsyncGenerator<ArchiveEntry, void, void> {
	for await (const entry of entries) if (selection.takes(entry.name)) yield entry;
}

async function* mapped<From, To>(
	from: AsyncIterable<From>,
	map: (item: From) => To,
): AsyncGenerator<To, void, void> {
	for await (const item of from) yield map(item);
}

type Order = (typeof SORT_CHOICES)[number];

const COMPARE: Readonly<Record<Exclude<Order, "none">, (a: ArchiveEntry, b: ArchiveEntry) => number>> = {
	name: (a, b) => Buffer.compare(a.rawName, b.rawName),
	size: (a, b) => b.uncompressedSize - a.uncompressedSize,
	time: (a, b) => b.mtime.getTime() - a.mtime.getTime(),
};

/** In the order of the archive entries pass through; for any other all of them have to be there. */
async function* ordered(
	entries: AsyncIterable<ArchiveEntry>,
	order: Order,
	reverse: boolean,
): AsyncGenerator<ArchiveEntry, void, void> {
	if (order === "none" && !reverse) return yield* entries;
	const all: ArchiveEntry[] = [];
	for await (const entry of entries) all.push(entry);
	if (order !== "none") all.sort(COMPARE[order]);
	yield* reverse ? all.reverse() : all;
}

/** Rows that are printed at once. */
const BATCH = 500;

/** Prints in batches, and stops where nobody takes any more. */
async function printAll<Row>(
	rows: AsyncIterable<Row>,
	print: (batch: readonly Row[]) => Promise<void>,
	{ stdout }: Io,
): Promise<void> {
	let batch: Row[] = [];
	for await (const row of rows) {
		if (batch.push(row) < BATCH) continue;
		await print(batch);
		if (stdout.failed) return;
		batch = [];
	}
	if (batch.length > 0) await print(batch);
}

class Total {
	#count = 0;
	#size = 0;
	#compressedSize = 0;

	async *counting(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<ArchiveEntry, void, void> {
		for await (const entry of entries) {
			this.#count++;
			this.#size += entry.uncompressedSize;
			this.#compressedSize += entry.compressedSize;
			yield entry;
		}
	}

	inWords(entryCount: number, exact: boolean): string {
		const size = (bytes: number) => (exact ? formatCount(bytes, "byte") : formatBytes(bytes));
		const of = this.#count === entryCount ? "" : ` of ${formatCount(entryCount, "entry", "entries")}`;
		const count = of === "" ? formatCount(this.#count, "entry", "entries") : formatCount(this.#count, "", "");
		return `${count.trim()}${of}, ${size(this.#size)}, compressed to ${size(this.#compressedSize)}`;
	}
}
