import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/zip/entry.ts";
import { archiveOf } from "../support/archive-of.ts";
import { entryOf, fileEntry, zeroReader } from "../support/entries.ts";
import { type EntrySnapshot, inspectArchive } from "../support/inspect-archive.ts";
import { SparseBytes } from "../support/sparse-bytes.ts";

function zeros(name: string, size: number, sizeKnown: boolean): Entry {
	return entryOf(name, () => zeroReader(size, { sizeKnown }));
}

/** The entries of an archive that is mostly zeros. */
async function entriesOf(
	entries: readonly Entry[],
	method: "store" | "deflate",
): Promise<readonly EntrySnapshot[]> {
	const bytes = await SparseBytes.from(archiveOf(entries, { method, level: 1, concurrency: 2 }));
	expect(bytes.keptSize).toBeLessThan(64 * 1024 * 1024);
	return inspectArchive(bytes, { data: "skip" }).entries;
}

// As zlib of Python has them; 2^32 - 1 zeros take the register once around to where it began.
const CRC_OF_ZEROS = new Map([
	[0xffff_fffe, 0x0f6a_7026],
	[0xffff_ffff, 0],
	[0x1_0000_0000, 0xd202_ef8d],
]);

describe("entries around 4 GiB (APPNOTE 4.5.3, 4.3.9.2)", () => {
	const stores = async (size: number, sizeKnown: boolean) => {
		const [entry, after] = await entriesOf(
			[zeros("zeros", size, sizeKnown), fileEntry("after", "x")],
			"store",
		);
		expect(entry).toMatchObject({
			uncompressedSize: size,
			compressedSize: size,
			crc32: CRC_OF_ZEROS.get(size),
			descriptor: "8-byte sizes",
			localZip64: true,
			centralZip64: size >= 0xffff_ffff ? ["uncompressedSize", "compressedSize"] : [],
			versionNeeded: 45,
		});
		// What follows begins behind 4 GiB and is otherwise as small as ever.
		expect(after).toMatchObject({ descriptor: "none", localZip64: false, centralZip64: ["offset"] });
	};
	it.each([[0xffff_ffff, true]])("stores %d bytes (size known: %s)", stores);
	it.each([
		[0xffff_fffe, true],
		[0xffff_fffe, false],
		[0xffff_ffff, false],
		[0x1_0000_0000, true],
		[0x1_0000_0000, false],
	])("stores %d bytes (size known: %s)", { tags: "slow" }, stores);

	it("spares ZIP64 for a size that deflating cannot bring to 4 GiB", { tags: "slow" }, async () => {
		const size = 4_278_254_000; // + size / 256 + 1024 < 0xFFFFFFFF
		expect(await entriesOf([zeros("zeros", size, true)], "store")).toMatchObject([
			{
				uncompressedSize: size,
				descriptor: "4-byte sizes",
				localZip64: false,
				centralZip64: [],
				versionNeeded: 20,
			},
		]);
	});

	it("deflates 4 GiB to a size that needs no ZIP64", { tags: "slow" }, async () => {
		const size = 0x1_0000_0000;
		const [entry] = await entriesOf([zeros("zeros", size, true)], "deflate");
		expect(entry).toMatchObject({
			uncompressedSize: size,
			crc32: CRC_OF_ZEROS.get(size),
			descriptor: "8-byte sizes",
			localZip64: true,
			centralZip64: ["uncompressedSize"],
		});
		expect(entry?.compressedSize).toBeLessThan(size / 100);
	});
});
