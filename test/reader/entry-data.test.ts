import { describe, expect, it } from "vitest";
import { readEntryData } from "../../src/reader/entry-data.ts";
import { extraField, handMadeArchive } from "../support/hand-made-archive.ts";
import { collect, entriesOf, watchedArchive } from "./watched-archive.ts";

const ENTRIES = [
	{ name: "a.txt", content: "a".repeat(1_000) },
	{ name: "long", content: "b".repeat(100), local: { extra: extraField(9, Buffer.alloc(5_000)) } },
	{ name: "c", content: "c".repeat(2_000), behind: Buffer.alloc(16) },
];

describe("readEntryData", () => {
	it.each([[1], [29], [1_000], [100_000]])(
		"gives the data of each entry, in chunks of %d",
		async (chunkSize) => {
			const { reader, asked, open } = watchedArchive(handMadeArchive(ENTRIES), chunkSize);
			const entries = await entriesOf(reader);
			for (const [at, entry] of entries.entries())
				expect((await collect(readEntryData(reader, entry))).toString()).toBe(ENTRIES[at]?.content);
			// The second has a header that nobody could expect.
			expect(asked.map(({ start }) => start)).toEqual([
				0,
				1_035,
				expect.any(Number),
				expect.any(Number),
				6_173,
			]);
			expect(open.size).toBe(0);
		},
	);

	it("asks for the header and the data with one request, and for nothing of the directory", async () => {
		const bytes = handMadeArchive([{ name: "a.txt", content: "abc" }]);
		const { reader, asked } = watchedArchive(bytes);
		const [entry] = await entriesOf(reader);
		if (entry === undefined) throw new Error("there is no entry");
		await collect(readEntryData(reader, entry));
		expect(asked).toEqual([{ start: 0, end: 38 }]);
	});

	it("ends the transfer when it is left early", async () => {
		const { reader, open } = watchedArchive(handMadeArchive(ENTRIES), 100);
		const [entry] = await entriesOf(reader);
		if (entry === undefined) throw new Error("there is no entry");
		for await (const _ of readEntryData(reader, entry)) break;
		expect(open.size).toBe(0);
	});

	it("refuses data that would reach into the directory", async () => {
		const entry = { name: "a", content: "abc", local: { extra: extraField(9, Buffer.alloc(10)) } };
		const bytes = handMadeArchive([{ ...entry, data: Buffer.from("ab"), compressedSize: 3 }]);
		const { reader } = watchedArchive(bytes);
		const [found] = await entriesOf(reader);
		if (found === undefined) throw new Error("there is no entry");
		await expect(collect(readEntryData(reader, found))).rejects.toMatchObject({
			code: "INVALID_ARCHIVE",
			message: 'a.zip: the entry "a" is said to lie beyond the directory',
		});
	});
});
