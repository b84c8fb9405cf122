import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../src/bytes/chunk-memory.ts";
import { type ArchivedEntry, type AssembleOptions, assemble, assembleRun } from "../../src/zip/assemble.ts";
import type { CompressedBlock } from "../../src/zip/blocks/compress-block.ts";
import { coalesce } from "../../src/zip/coalesce.ts";
import type { DirectorySlice } from "../../src/zip/directory/slice.ts";
import { STORED } from "../../src/zip/format/records.ts";
import type { FinishedRun, ForeignRange, Span } from "../../src/zip/spans.ts";
import { batchesOf, itemsOf } from "../support/batches.ts";
import { block } from "../support/blocks.ts";
import { collect } from "../support/bytes.ts";
import { directoryEntry, fileEntry } from "../support/entries.ts";

function finishedRun<Range extends ForeignRange = never>(
	spans: readonly Span<NoInfer<Range>>[],
	directory: DirectorySlice,
): FinishedRun<Range> {
	const byteLength = spans.reduce((sum, span) => sum + span.byteLength, 0);
	return { spans, byteLength, directory, originOf: () => "elsewhere" };
}

const OPTIONS: AssembleOptions = {
	comment: new Uint8Array(0),
	onEntry: () => {},
	onBlock: () => {},
	memory: OWN_CHUNKS,
};

describe("runs that were made apart", () => {
	const names = ["a", "b/", "b/c", "long", "ü"];

	function* blocksOf(some: readonly string[]): Generator<CompressedBlock, void, void> {
		for (const name of some) {
			if (name.endsWith("/")) {
				yield block(directoryEntry(name), 0, Buffer.of(), { method: STORED });
			} else if (name === "long") {
				yield block(fileEntry(name, "", { comment: "two blocks" }), 20, Buffer.from("12"), { last: false });
				yield block(fileEntry(name, "", { comment: "two blocks" }), 10, Buffer.from("345"), { index: 1 });
			} else yield block(fileEntry(name, ""), 7, Buffer.from(`data ${name}`));
		}
	}

	async function runOf(some: readonly string[]): Promise<FinishedRun> {
		const run = assembleRun(batchesOf(blocksOf(some)), { onEntry: () => {}, onBlock: () => {} });
		const spans: Uint8Array[] = [];
		for (;;) {
			const step = await run.next();
			if (step.done) return finishedRun(spans, step.value);
			spans.push(...step.value);
		}
	}

	async function archiveOf(
		items: readonly (CompressedBlock | FinishedRun)[],
		options: Partial<AssembleOptions> = {},
	): Promise<Buffer> {
		return collect(
			itemsOf(assemble(batchesOf(items), { ...OPTIONS, comment: Buffer.from("end"), ...options })),
		);
	}

	const whole = () => archiveOf([...blocksOf(names)]);

	it.each([0, 1, 3, 5])("come to the same bytes as one archive, cut behind %d entries", async (cut) => {
		const runs = [await runOf(names.slice(0, cut)), await runOf(names.slice(cut))];
		expect(await archiveOf(runs)).toEqual(await whole());
	});

	it("come to the same bytes in the middle of blocks, and may hold others", async () => {
		const items = [...blocksOf(["a"]), await runOf(["b/", "b/c", "long"]), ...blocksOf(["ü"])];
		expect(await archiveOf(items)).toEqual(await whole());
		const nested = assembleRun(batchesOf([await runOf(["a", "b/"]), await runOf(["b/c", "long"])]), {
			onEntry: () => {},
			onBlock: () => {},
		});
		const spans: Uint8Array[] = [];
		let step = await nested.next();
		for (; !step.done; step = await nested.next()) spans.push(...step.value);
		const run = finishedRun(spans, step.value);
		expect(await archiveOf([run, ...blocksOf(["ü"])])).toEqual(await whole());
	});

	it("are reported entry by entry, as if made here", async () => {
		const [made, apart]: [ArchivedEntry[], ArchivedEntry[]] = [[], []];
		await archiveOf([...blocksOf(names)], { onEntry: (entry) => made.push(entry) });
		const lastEntry = { name: Buffer.from("z"), kind: "file" as const };
		const run = { ...(await runOf(names.slice(1))), read: { lastEntry, size: 1 } };
		await archiveOf([...blocksOf(["a"]), run], { onEntry: (entry) => apart.push(entry) });
		const origins = apart.map(({ origin }) => origin);
		expect(origins).toEqual(["a", "elsewhere", "elsewhere", "elsewhere", "elsewhere"]);
		expect(apart.map((entry) => ({ ...entry, name: Buffer.from(entry.name), origin: "" }))).toEqual(
			made.map((entry) => ({ ...entry, name: Buffer.from(entry.name), origin: "" })),
		);
	});

	it("are told as copied if nothing was read for them", async () => {
		const told: (boolean | undefined)[] = [];
		await archiveOf([...blocksOf(["a"]), await runOf(["b/", "c"])], {
			onEntry: ({ copied }) => told.push(copied),
		});
		expect(told).toEqual([undefined, true, true]);
	});

	it("may not have an entry that is there", async () => {
		const twice = archiveOf([...blocksOf(["a"]), await runOf(["b/", "a"])]);
		await expect(twice).rejects.toMatchObject({ code: "DUPLICATE_ENTRY", entryName: "a" });
	});

	interface Copy extends ForeignRange {
		readonly bytes: Uint8Array;
	}

	it("may be ranges that never pass through here", async () => {
		const { spans, directory } = await runOf(["b/", "b/c", "long"]);
		const bytes = Buffer.concat([...spans]);
		const copy: Copy = { byteLength: bytes.byteLength, bytes };
		const run = finishedRun<Copy>([copy], directory);
		const items = [...blocksOf(["a"]), run, ...blocksOf(["ü"])];
		const archive = assemble<Copy>(batchesOf(items), { ...OPTIONS, comment: Buffer.from("end") });
		const pieces: (Uint8Array | Copy)[] = [];
		for await (const span of coalesce(archive, 1000)) pieces.push(span);
		expect(pieces.map((piece) => piece instanceof Uint8Array)).toEqual([true, false, true]);
		expect(pieces[1]).toBe(copy);
		const joined = pieces.map((piece) => (piece instanceof Uint8Array ? piece : piece.bytes));
		expect(Buffer.concat(joined)).toEqual(await whole());
	});

	it("of more than 4 GiB need ZIP64 for what is behind them", async () => {
		const { directory } = await runOf(["a"]);
		const copy: Copy = { byteLength: 2 ** 32, bytes: Buffer.of() };
		const run = finishedRun<Copy>([copy], directory);
		const offsets: number[] = [];
		const archive = assemble<Copy>(batchesOf([run, await runOf(["b/c"])]), {
			...OPTIONS,
			onEntry: ({ offset }) => offsets.push(offset),
		});
		let step = await archive.next();
		for (; !step.done; step = await archive.next()) for (const _ of step.value);
		expect(offsets).toEqual([0, 2 ** 32]);
		expect(step.value).toMatchObject({ entryCount: 2, zip64: true });
	});

	it("begin where the archive has got to", async () => {
		const start = 1000;
		const prefix = finishedRun([Buffer.alloc(start)], { entryCount: 0, pages: [] });
		const behind = await archiveOf([prefix, ...blocksOf(names)]);
		expect(await archiveOf([...blocksOf(names)], { start })).toEqual(behind.subarray(start));
	});
});
