import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../../src/bytes/chunk-memory.ts";
import { Pages } from "../../../src/zip/directory/pages.ts";
import { headersOf } from "../../../src/zip/directory/slice.ts";
import { STORED } from "../../../src/zip/format/records.ts";
import { headerAt } from "../../compose/copyable/virtual-archive.ts";

const header = (index: number) =>
	headerAt(
		{
			...{ name: Buffer.from(`directory/${"x".repeat(index % 90)}${index}`), utf8: false, method: STORED },
			...{ mtimeMs: 1e12, dataDescriptor: false, zip64: false, compressedSize: 5, uncompressedSize: 5 },
		},
		index,
	);

function pagesOf(count: number): Pages {
	const pages = new Pages();
	for (let index = 0; index < count; index++) pages.append(header(index), 0);
	return pages;
}

describe("pages in another order", () => {
	it.each([0, 1, 1000, 120_000])("are those of %d headers, packed or not", (count) => {
		const pages = pagesOf(count);
		const order = Uint32Array.from({ length: count }, (_, index) => (index * 7919) % Math.max(1, count));
		const sizes: number[] = [];
		let place = 0;
		for (const page of pages.inOrder(order, { ...OWN_CHUNKS, reusable: true })) {
			sizes.push(page.byteLength);
			for (const found of headersOf({ entryCount: count, pages: [page] }))
				if (!header(order[place++] ?? 0).equals(found)) expect.unreachable(`header ${place} is another`);
		}
		expect(place).toBe(count);
		expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(256 * 1024);
	});

	it("may be kept where memory is not used again, and leave the pages as they were", () => {
		const pages = pagesOf(5000);
		const order = Uint32Array.from({ length: 5000 }, (_, index) => 4999 - index);
		const kept = [...pages.inOrder(order, OWN_CHUNKS)];
		expect(kept.length).toBeGreaterThan(1);
		const backwards = [...headersOf({ entryCount: 5000, pages: kept })];
		const forwards = [...headersOf({ entryCount: 5000, pages: pages.all(OWN_CHUNKS) })];
		expect(backwards.map((one) => Buffer.from(one).toString("hex")).reverse()).toEqual(
			forwards.map((one) => Buffer.from(one).toString("hex")),
		);
	});

	it("may have a header that is larger than what is given at once", () => {
		const pages = new Pages();
		const named = (size: number, letter: string) =>
			headerAt(
				{
					...{ name: Buffer.alloc(size, letter), utf8: false, method: STORED, comment: "c".repeat(65_535) },
					...{ mtimeMs: 1e12, dataDescriptor: false, zip64: false, compressedSize: 5, uncompressedSize: 5 },
				},
				0,
			);
		const headers = ["a", "b", "c", "d"].map((letter) => named(65_535, letter));
		for (const one of headers) pages.append(one, 0);
		const given = Buffer.concat([...pages.inOrder(Uint32Array.of(2, 0, 3, 1), OWN_CHUNKS)]);
		const [a, b, c, d] = headers;
		expect(given.equals(Buffer.concat([c, a, d, b].flatMap((one) => one ?? [])))).toBe(true);
	});
});
