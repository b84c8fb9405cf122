import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../src/bytes/chunk-memory.ts";
import { type AssembleOptions, assemble } from "../../src/zip/assemble.ts";
import { STORED } from "../../src/zip/format/records.ts";
import { batchesOf, itemsOf } from "../support/batches.ts";
import { block } from "../support/blocks.ts";
import { fileEntry } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";
import { SparseBytes } from "../support/sparse-bytes.ts";

const OPTIONS: AssembleOptions = {
	comment: new Uint8Array(0),
	onEntry: () => {},
	onBlock: () => {},
	memory: OWN_CHUNKS,
};

const SKIP = { data: "skip" } as const;

/** Pages of the central directory that are kept as they are. */
const UNPACKED = 6;

describe("assemble (APPNOTE 4.3.6)", () => {
	it("reports each entry with its sizes and offset, once it is complete", async () => {
		const log: unknown[] = [];
		const blocks = [
			block(fileEntry("a", ""), 3, Buffer.from("abc"), { method: STORED }),
			block(fileEntry("b", ""), 20, Buffer.from("12"), { last: false }),
			block(fileEntry("b", ""), 10, Buffer.from("3456"), { index: 1 }),
		];
		const archive = assemble(batchesOf(blocks), {
			...OPTIONS,
			onBlock: ({ name }, size) => log.push([Buffer.from(name).toString(), size]),
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
			batchesOf([block(fileEntry("a", ""), 1, Buffer.from("x"), { method: STORED })]),
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
			await SparseBytes.from(itemsOf(assemble(batchesOf(blocks), OPTIONS))),
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
		const archive = itemsOf(assemble(batchesOf([block(entry, 0, Buffer.of(), { method: STORED })]), OPTIONS));
		expect(inspectArchive(await SparseBytes.from(archive), SKIP).entries).toMatchObject([{ utf8, comment }]);
	});

	it("refuses a comment that cannot share a flag with its name, and one that is too long", async () => {
		for (const [name, comment] of [
			[Buffer.of(0xe4), "ä"],
			[Buffer.from("n"), "c".repeat(65_536)],
			[Buffer.from("n"), "ä".repeat(32_768)],
		] as const) {
			const blocks = [block(fileEntry(name, "", { comment }), 0, Buffer.of(), { method: STORED })];
			const made = SparseBytes.from(itemsOf(assemble(batchesOf(blocks), OPTIONS)));
			await expect(made).rejects.toMatchObject({ code: "INVALID_OPTION" });
		}
	});

	it.each([true, false])(
		"gives the central directory out in memory of the consumer's kind: %s",
		async (reusable) => {
			function* blocks() {
				for (let index = 0; index < 80_000; index++) {
					yield block(fileEntry(`${"directory/".repeat(10)}${index}`, ""), 0, Buffer.of(), {
						method: STORED,
					});
				}
			}
			const pages: ArrayBufferLike[] = [];
			for await (const chunks of assemble(batchesOf(blocks()), { ...OPTIONS, memory: { reusable } })) {
				for (const { buffer, byteLength } of chunks) if (byteLength > 2 ** 19) pages.push(buffer);
			}
			const packed = pages.slice(UNPACKED, -1); // the last was filling
			expect(packed.length).toBeGreaterThan(3);
			expect(new Set(packed).size).toBe(reusable ? 1 : packed.length);
			expect(new Set(pages.slice(0, UNPACKED)).size).toBe(UNPACKED);
		},
	);

	it("refuses a name that is there already", async () => {
		const blocks = [1, 2].map((index) =>
			block(fileEntry("same", "", { origin: `from ${index}` }), 0, Buffer.of(), { method: STORED }),
		);
		await expect(SparseBytes.from(itemsOf(assemble(batchesOf(blocks), OPTIONS)))).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
			entryName: "same",
			origins: ["an earlier entry", "from 2"],
		});
	});
});
