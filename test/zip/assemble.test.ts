import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../src/bytes/chunk-memory.ts";
import { type ArchivedEntry, type AssembleOptions, assemble, assembleRun } from "../../src/zip/assemble.ts";
import type { CompressedBlock } from "../../src/zip/blocks/compress-block.ts";
import { coalesce } from "../../src/zip/coalesce.ts";
import type { Entry } from "../../src/zip/entry.ts";
import { DEFLATED, type Method, STORED } from "../../src/zip/format/records.ts";
import type { FinishedRun, ForeignRange } from "../../src/zip/spans.ts";
import { itemsOf, runsOf } from "../support/batches.ts";
import { collect } from "../support/bytes.ts";
import { directoryEntry, fileEntry } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";
import { SparseBytes } from "../support/sparse-bytes.ts";

const OPTIONS: AssembleOptions = {
	comment: new Uint8Array(0),
	onEntry: () => {},
	onBlock: () => {},
	memory: OWN_CHUNKS,
};

/** A block of which only the length counts. */
function block(
	entry: Entry,
	size: number,
	data: Uint8Array,
	{ method = DEFLATED as Method, index = 0, last = true, known = true } = {},
): CompressedBlock {
	const opened = { entry, mtimeMs: entry.mtimeMs, mode: entry.mode, size: known ? size : undefined };
	const bytes = { byteLength: size } as Uint8Array; // an array of 4 GiB cannot be had
	return {
		block: {
			opened,
			index,
			bytes,
			last,
			crc32: size === 0 && index === 0 ? 0 : 0x1234,
			dictionary: undefined,
		},
		method,
		data,
	};
}

const SKIP = { data: "skip" } as const;

describe("assemble (APPNOTE 4.3.6)", () => {
	it("reports each entry with its sizes and offset, once it is complete", async () => {
		const log: unknown[] = [];
		const blocks = [
			block(fileEntry("a", ""), 3, Buffer.from("abc"), { method: STORED }),
			block(fileEntry("b", ""), 20, Buffer.from("12"), { last: false }),
			block(fileEntry("b", ""), 10, Buffer.from("3456"), { index: 1 }),
		];
		const archive = assemble(runsOf(blocks), {
			...OPTIONS,
			onBlock: ({ origin }, size) => log.push([origin, size]),
			onEntry: ({ origin, offset, compressedSize, uncompressedSize, method }) =>
				log.push({ origin, offset, compressedSize, uncompressedSize, method }),
		});
		await SparseBytes.from(itemsOf(archive));
		expect(log).toEqual([
			["a", 3],
			{ origin: "a", offset: 0, compressedSize: 3, uncompressedSize: 3, method: 0 },
			["b", 20],
			["b", 10],
			{ origin: "b", offset: 43, compressedSize: 6, uncompressedSize: 30, method: 8 },
		]);
	});

	it("says what the archive came to", async () => {
		const archive = assemble(
			runsOf([block(fileEntry("a", ""), 1, Buffer.from("x"), { method: STORED })]),
			OPTIONS,
		);
		let step = await archive.next();
		let size = 0;
		while (!step.done) {
			for (const chunk of step.value) size += chunk.byteLength;
			step = await archive.next();
		}
		expect(step.value).toEqual({ size, entryCount: 1, zip64: false });
	});

	it("puts only the uncompressed size into ZIP64 where 4 GiB deflate to little", async () => {
		const entry = fileEntry("zeros", "");
		const blocks = [
			block(entry, 2 ** 32, Buffer.from("abc"), { last: false }),
			block(entry, 0, Buffer.from("d"), { index: 1 }),
		];
		const { entries } = inspectArchive(
			await SparseBytes.from(itemsOf(assemble(runsOf(blocks), OPTIONS))),
			SKIP,
		);
		expect(entries).toMatchObject([
			{
				compressedSize: 4,
				uncompressedSize: 2 ** 32,
				centralZip64: ["uncompressedSize"],
				descriptor: "8-byte sizes",
			},
		]);
	});

	it.each([
		["ASCII, ASCII", Buffer.from("n"), "c", false],
		["UTF-8, ASCII", Buffer.from("ä"), "c", true],
		["ASCII, UTF-8", Buffer.from("n"), "ä", true],
		["UTF-8, UTF-8", Buffer.from("ä"), "ä", true],
		["Latin-1, ASCII", Buffer.of(0xe4), "c", false],
	])("sets one flag for name and comment (4.4.4, bit 11): %s", async (_what, name, comment, utf8) => {
		const entry = fileEntry(name, "", { comment });
		const archive = itemsOf(assemble(runsOf([block(entry, 0, Buffer.of(), { method: STORED })]), OPTIONS));
		expect(inspectArchive(await SparseBytes.from(archive), SKIP).entries).toMatchObject([{ utf8, comment }]);
	});

	it("refuses a comment that cannot share a flag with its name, and one that is too long", async () => {
		for (const [name, comment] of [
			[Buffer.of(0xe4), "ä"],
			[Buffer.from("n"), "c".repeat(65_536)],
			[Buffer.from("n"), "ä".repeat(32_768)],
		] as const) {
			const blocks = [block(fileEntry(name, "", { comment }), 0, Buffer.of(), { method: STORED })];
			const made = SparseBytes.from(itemsOf(assemble(runsOf(blocks), OPTIONS)));
			await expect(made).rejects.toMatchObject({ code: "INVALID_OPTION" });
		}
	});

	it.each([true, false])(
		"gives the central directory out in memory of the consumer's kind: %s",
		async (reusable) => {
			function* blocks() {
				for (let index = 0; index < 40_000; index++) {
					yield block(fileEntry(`${"directory/".repeat(10)}${index}`, ""), 0, Buffer.of(), {
						method: STORED,
					});
				}
			}
			const pages: ArrayBufferLike[] = [];
			for await (const chunks of assemble(runsOf(blocks()), { ...OPTIONS, memory: { reusable } })) {
				for (const { buffer, byteLength } of chunks) if (byteLength > 2 ** 19) pages.push(buffer);
			}
			expect(pages.length).toBeGreaterThan(4);
			expect(new Set(pages.slice(0, -1)).size).toBe(reusable ? 1 : pages.length - 1); // the last was filling
		},
	);

	it("refuses a name that is there already", async () => {
		const blocks = [1, 2].map((index) =>
			block(fileEntry("same", "", { origin: `from ${index}` }), 0, Buffer.of(), { method: STORED }),
		);
		await expect(SparseBytes.from(itemsOf(assemble(runsOf(blocks), OPTIONS)))).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
			entryName: "same",
			origins: ["an earlier entry", "from 2"],
		});
	});
});

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
		const run = assembleRun(runsOf(blocksOf(some)), { onEntry: () => {}, onBlock: () => {} });
		const spans: Uint8Array[] = [];
		for (;;) {
			const step = await run.next();
			if (step.done) return { spans, directory: step.value, origin: "elsewhere" };
			spans.push(...step.value);
		}
	}

	async function archiveOf(
		items: readonly (CompressedBlock | FinishedRun)[],
		options: Partial<AssembleOptions> = {},
	): Promise<Buffer> {
		return collect(itemsOf(assemble(runsOf(items), { ...OPTIONS, comment: Buffer.from("end"), ...options })));
	}

	const whole = () => archiveOf([...blocksOf(names)]);

	it.each([0, 1, 3, 5])("come to the same bytes as one archive, cut behind %d entries", async (cut) => {
		const runs = [await runOf(names.slice(0, cut)), await runOf(names.slice(cut))];
		expect(await archiveOf(runs)).toEqual(await whole());
	});

	it("come to the same bytes in the middle of blocks, and may hold others", async () => {
		const items = [...blocksOf(["a"]), await runOf(["b/", "b/c", "long"]), ...blocksOf(["ü"])];
		expect(await archiveOf(items)).toEqual(await whole());
		const nested = assembleRun(runsOf([await runOf(["a", "b/"]), await runOf(["b/c", "long"])]), {
			onEntry: () => {},
			onBlock: () => {},
		});
		const spans: Uint8Array[] = [];
		let step = await nested.next();
		for (; !step.done; step = await nested.next()) spans.push(...step.value);
		const run = { spans, directory: step.value, origin: "nested" };
		expect(await archiveOf([run, ...blocksOf(["ü"])])).toEqual(await whole());
	});

	it("are reported entry by entry, as if made here", async () => {
		const [made, apart]: [ArchivedEntry[], ArchivedEntry[]] = [[], []];
		await archiveOf([...blocksOf(names)], { onEntry: (entry) => made.push(entry) });
		await archiveOf([...blocksOf(["a"]), await runOf(names.slice(1))], {
			onEntry: (entry) => apart.push(entry),
		});
		const origins = apart.map(({ origin }) => origin);
		expect(origins).toEqual(["a", "elsewhere", "elsewhere", "elsewhere", "elsewhere"]);
		expect(apart.map((entry) => ({ ...entry, name: Buffer.from(entry.name), origin: "" }))).toEqual(
			made.map((entry) => ({ ...entry, name: Buffer.from(entry.name), origin: "" })),
		);
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
		const run: FinishedRun<Copy> = { spans: [copy], directory, origin: "elsewhere" };
		const items = [...blocksOf(["a"]), run, ...blocksOf(["ü"])];
		const archive = assemble<Copy>(runsOf(items), { ...OPTIONS, comment: Buffer.from("end") });
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
		const run: FinishedRun<Copy> = { spans: [copy], directory, origin: "elsewhere" };
		const offsets: number[] = [];
		const archive = assemble<Copy>(runsOf([run, await runOf(["b/c"])]), {
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
		const prefix = { spans: [Buffer.alloc(start)], directory: { entryCount: 0, pages: [] }, origin: "" };
		const behind = await archiveOf([prefix, ...blocksOf(names)]);
		expect(await archiveOf([...blocksOf(names)], { start })).toEqual(behind.subarray(start));
	});
});
