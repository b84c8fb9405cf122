import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../src/bytes/chunk-memory.ts";
import { assemble } from "../../src/zip/assemble.ts";
import type { CompressedBlock } from "../../src/zip/blocks/compress-block.ts";
import { BLOCK_SIZE } from "../../src/zip/format/limits.ts";
import { STORED } from "../../src/zip/format/records.ts";
import { batchesOf, itemsOf } from "../support/batches.ts";
import { fileEntry } from "../support/entries.ts";
import { type ArchiveSnapshot, inspectArchive } from "../support/inspect-archive.ts";
import { SparseBytes } from "../support/sparse-bytes.ts";

const RECORDS = 30 + 1 + 9 + 16; // local header with a name of one byte and the timestamp, data descriptor
const HALF = 2 ** 31;
const ZEROS = new Uint8Array(BLOCK_SIZE);

/** The blocks of a stored entry of zeros; its CRC-32 does not matter here. */
function* blocksOf(name: string, size: number): Generator<CompressedBlock, void, void> {
	const entry = fileEntry(name, "", { size });
	const opened = { entry, mtimeMs: entry.mtimeMs, mode: entry.mode, size };
	for (let index = 0, left = size; left > 0; index++) {
		const data = ZEROS.subarray(0, Math.min(left, BLOCK_SIZE));
		left -= data.byteLength;
		const block = { opened, index, bytes: data, last: left === 0, crc32: 0x1234, dictionary: undefined };
		yield { block, method: STORED, data };
	}
}

/** An archive of two entries that need no ZIP64 themselves and reach exactly to `end`, and others behind. */
async function archiveUpTo(end: number, ...more: readonly CompressedBlock[]): Promise<ArchiveSnapshot> {
	const blocks = function* () {
		yield* blocksOf("1", HALF - RECORDS);
		yield* blocksOf("2", end - HALF - RECORDS);
		yield* more;
	};
	const options = { comment: new Uint8Array(0), onEntry: () => {}, onBlock: () => {}, memory: OWN_CHUNKS };
	const bytes = await SparseBytes.from(itemsOf(assemble(batchesOf(blocks()), options)));
	return inspectArchive(bytes, { data: "skip" });
}

describe("offsets around 4 GiB (APPNOTE 4.4.16, 4.4.24)", () => {
	it.each([
		[0xffff_fffe, false],
		[0xffff_ffff, true],
	])(
		"needs the ZIP64 end record, and nothing else, for a central directory at %d: %s",
		async (end, zip64) => {
			const { directoryOffset, zip64End, entries } = await archiveUpTo(end);
			expect([directoryOffset, zip64End]).toEqual([end, zip64]);
			expect(entries).toMatchObject([
				{ localZip64: false, centralZip64: [], versionNeeded: 20 },
				{ localZip64: false, centralZip64: [], versionNeeded: 20 },
			]);
		},
	);

	it.each([
		[0xffff_fffe, [], 20],
		[0xffff_ffff, ["offset"], 45],
		[0x1_0000_0000, ["offset"], 45],
	])("puts into ZIP64 of an entry at %d: %j", async (end, centralZip64, versionNeeded) => {
		const { zip64End, entries } = await archiveUpTo(end, ...blocksOf("3", 1));
		expect(zip64End).toBe(true);
		expect(entries[2]).toMatchObject({ offset: end, localZip64: false, centralZip64, versionNeeded });
	});
});
