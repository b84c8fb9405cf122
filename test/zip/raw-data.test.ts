import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { MiB } from "../../src/bytes/units.ts";
import { ownRecords } from "../../src/verify/own-entry.ts";
import type { Entry, MethodChoice, RawData } from "../../src/zip/entry.ts";
import { DEFLATED, type Method, STORED, ZSTD } from "../../src/zip/format/records.ts";
import { SizeBound } from "../../src/zip/format/size-bound.ts";
import { entriesOf, watchedArchive } from "../reader/watched-archive.ts";
import { wholeArchive } from "../support/archive-of.ts";
import { lines, noise } from "../support/bytes.ts";
import { fileEntry, readerOf } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";
import { HELLO, HELLO_FRAME, hasZstd, IF_ZSTD } from "../support/zstd.ts";

/** An entry that has its content in the form of an archive as well. */
function rawEntry(content: Uint8Array, method: Method, facts: { uncompressedSize?: number } = {}): Entry {
	const data = method === DEFLATED ? deflateRawSync(content, { level: 3 }) : content;
	const uncompressedSize = facts.uncompressedSize ?? content.byteLength;
	return fileEntry("a", content, {
		size: uncompressedSize,
		raw: { ...rawData(content, data, method), uncompressedSize },
	});
}

function rawData(content: Uint8Array, data: Uint8Array, method: Method): RawData {
	return {
		...{ method, crc32: crc32(content) },
		...{ compressedSize: data.byteLength, uncompressedSize: content.byteLength },
		open: () => readerOf(data, { readSize: 100_000 }),
	};
}

/** How content lies in an archive of this method if it is not copied. */
const methodOf = (choice: MethodChoice, { byteLength }: Uint8Array) => {
	if (choice === "zstd") return "zstd";
	return choice === "store" || (choice === "wrap" && byteLength <= MiB) ? "stored" : "deflated";
};

const CONTENTS = { small: lines(500), large: lines(30_000_000), "large noise": noise(2_500_000) };

describe("data in the form of another archive", () => {
	it.each(
		Object.entries(CONTENTS).flatMap(([name, content]) =>
			([STORED, DEFLATED] as const).map((method) => [name, method, content] as const),
		),
	)("is copied where the method of the archive allows it: %s, method %d", async (_name, method, content) => {
		const entry = rawEntry(content, method);
		const copies: Record<MethodChoice, boolean> = {
			auto: true,
			store: method === STORED,
			deflate: method === DEFLATED,
			wrap: method === STORED,
			zstd: false,
		};
		for (const [choice, copied] of Object.entries(copies) as [MethodChoice, boolean][]) {
			if (choice === "zstd" && !hasZstd) continue;
			const { bytes } = await wholeArchive([entry], { method: choice, level: 1 });
			const [found] = inspectArchive(bytes).entries;
			expect(found?.content.equals(Buffer.from(content))).toBe(true);
			const isCopy = found?.compressedSize === entry.raw?.compressedSize && found?.descriptor === "none";
			if (copied) expect(isCopy).toBe(true);
			else expect(found?.method).toBe(methodOf(choice, content));
		}
	});

	it.skipIf(!hasZstd)(`is copied by method "zstd" alone if it is a frame of it${IF_ZSTD}`, async () => {
		const data = Buffer.from(HELLO_FRAME);
		const entry = { ...rawEntry(Buffer.from(HELLO), STORED), raw: rawData(Buffer.from(HELLO), data, ZSTD) };
		const methods = ["zstd", "auto", "deflate", "store"] as const;
		const found = await Promise.all(
			methods.map(
				async (method) => inspectArchive((await wholeArchive([entry], { method })).bytes).entries[0],
			),
		);
		expect(found.map((one) => one?.method)).toEqual(["zstd", "deflated", "deflated", "stored"]);
		expect(found[0]).toMatchObject({
			compressedSize: data.byteLength,
			versionNeeded: 63,
			descriptor: "none",
		});
	});

	it("follows the method of its own entry first", async () => {
		const entry = { ...rawEntry(CONTENTS.small, DEFLATED), method: "store" } as const;
		const { bytes } = await wholeArchive([entry], { method: "deflate" });
		expect(inspectArchive(bytes).entries[0]?.method).toBe("stored");
	});

	it("has a size that is predicted exactly, and counts as what it was before it was compressed", async () => {
		const entries = [rawEntry(CONTENTS.large, DEFLATED), { ...fileEntry("b", ""), size: 0 }];
		const bound = new SizeBound("auto");
		for (const entry of entries) bound.add(entry);
		const counted: number[] = [];
		const { bytes } = await wholeArchive(entries, { onBlock: (_entry, size) => counted.push(size) });
		expect([bound.bytes(0), bound.exact]).toEqual([bytes.byteLength, true]);
		expect(counted.length).toBeGreaterThan(2);
		expect(Math.min(...counted.slice(0, -1))).toBeGreaterThan(0);
		expect(counted.reduce((sum, size) => sum + size)).toBe(CONTENTS.large.byteLength);
	});

	it.each([
		[0xffff_fffe, []],
		[0xffff_ffff, ["uncompressedSize"]],
		[5_000_000_000, ["uncompressedSize"]],
	])(
		"has its sizes in ZIP64 of both headers if one needs that: %d bytes",
		async (uncompressedSize, large) => {
			const entry = rawEntry(CONTENTS.small, DEFLATED, { uncompressedSize });
			const { bytes, summary } = await wholeArchive([entry]);
			const zip64 = large.length > 0;
			expect(inspectArchive(bytes, { data: "skip" }).entries).toMatchObject([
				{
					...{ uncompressedSize, compressedSize: entry.raw?.compressedSize, descriptor: "none" },
					...{ localZip64: zip64, centralZip64: large, versionNeeded: zip64 ? 45 : 20 },
				},
			]);
			expect(summary.zip64).toBe(zip64);
			const bound = new SizeBound("auto");
			bound.add(entry);
			expect([bound.bytes(0), bound.zip64]).toEqual([bytes.byteLength, zip64]);
			const [facts] = await entriesOf(watchedArchive(bytes).reader);
			const [records] = facts === undefined ? [] : ownRecords(facts);
			const { byteLength = 0 } = records?.localHeader ?? {};
			expect(byteLength).toBeGreaterThan(30);
			expect(bytes.subarray(0, byteLength).equals(records?.localHeader ?? Buffer.alloc(0))).toBe(true);
		},
	);
});
