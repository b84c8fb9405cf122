import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { OWN_CHUNKS } from "../../../src/bytes/chunk-memory.ts";
import { CentralDirectory } from "../../../src/zip/directory/central-directory.ts";
import { centralDirectoryHeader, NO_TOTALS, STORED } from "../../../src/zip/format/records.ts";

function header(name: string | Uint8Array, comment = ""): Uint8Array {
	const fields = { utf8: false, method: STORED, mtimeMs: 0, dataDescriptor: false, zip64: false } as const;
	const details = { unixMode: 0o100_644, directory: false, comment: Buffer.from(comment), offset: 0 };
	return centralDirectoryHeader({ ...fields, name: Buffer.from(name) }, NO_TOTALS, details);
}

function md5(chunks: readonly Uint8Array[]): string {
	const hash = createHash("md5");
	for (const chunk of chunks) hash.update(chunk);
	return hash.digest("hex");
}

describe("CentralDirectory (APPNOTE 4.3.12)", () => {
	it("gives the headers back, one after the other", () => {
		const directory = new CentralDirectory();
		const headers = ["a", "b", "a/b", "é"].map((name) => header(name));
		for (const bytes of headers) expect(directory.append(bytes)).toBe(true);
		const whole = Buffer.concat(headers);
		expect(Buffer.concat([...directory.pages(OWN_CHUNKS)])).toEqual(whole);
		expect([directory.entryCount, directory.size]).toEqual([4, whole.byteLength]);
	});

	it("is empty without entries", () => {
		const directory = new CentralDirectory();
		expect([directory.entryCount, directory.size, [...directory.pages(OWN_CHUNKS)].length]).toEqual([
			0, 0, 0,
		]);
	});

	it("refuses a name that is there, byte by byte, and adds nothing", () => {
		const directory = new CentralDirectory();
		for (const name of ["a", "A", "ab", "e\u0301", "é"]) expect(directory.append(header(name))).toBe(true);
		const { size } = directory;
		expect(directory.append(header("a", "another comment"))).toBe(false);
		expect(directory.append(header(Buffer.from("é")))).toBe(false);
		expect([directory.entryCount, directory.size]).toEqual([5, size]);
		expect(directory.append(header(Buffer.of(0xe9)))).toBe(true);
	});

	it("refuses a directory where there is a file of its name, and the other way round", () => {
		const directory = new CentralDirectory();
		for (const name of ["a", "b/"]) expect(directory.append(header(name))).toBe(true);
		for (const name of ["a/", "b"]) expect(directory.append(header(name))).toBe(false);
	});

	it("keeps headers longer than a page", () => {
		const directory = new CentralDirectory();
		const large = ["x", "y", "z"].map((letter) => header(letter.repeat(65_535), "c".repeat(65_535)));
		const many = [header("first"), ...large, header("last")];
		for (const bytes of many) expect(directory.append(bytes)).toBe(true);
		expect(Buffer.concat([...directory.pages(OWN_CHUNKS)]).equals(Buffer.concat(many))).toBe(true);
	});

	describe("with more headers than a page", () => {
		const name = (index: number) => `${"directory/".repeat(20)}${index}`;
		const count = 50_000;
		const directory = new CentralDirectory();
		const wanted = createHash("md5");
		for (let index = 0; index < count; index++) {
			const bytes = header(name(index));
			wanted.update(bytes);
			directory.append(bytes);
		}
		const whole = wanted.digest("hex");

		it("knows the names in those it has packed meanwhile", () => {
			expect(directory.size).toBeGreaterThan(12 * 2 ** 20);
			for (const index of [0, count - 1, 1, count / 2, 0.8 * count]) {
				expect(directory.append(header(name(index)))).toBe(false);
			}
		});

		it("gives pages out that their consumer may keep", () => {
			const pages = [...directory.pages(OWN_CHUNKS)];
			expect(new Set(pages.map(({ buffer }) => buffer)).size).toBe(pages.length);
			expect(md5(pages)).toBe(whole);
			expect(md5([...directory.pages(OWN_CHUNKS)])).toBe(whole);
			expect(md5(pages)).toBe(whole);
		});

		it("gives pages out in the same memory where their consumer is done with each", () => {
			const buffers = new Set<ArrayBufferLike>();
			const given = createHash("md5");
			for (const page of directory.pages({ reusable: true })) {
				given.update(page);
				buffers.add(page.buffer);
			}
			expect(given.digest("hex")).toBe(whole);
			expect(buffers.size).toBe(8); // six pages that were never packed, and the page that was filling
		});

		it("gives the same pages out after a name was compared with one in a page", () => {
			expect(directory.append(header(name(count / 2)))).toBe(false);
			const given = createHash("md5");
			for (const page of directory.pages({ reusable: true })) given.update(page);
			expect(given.digest("hex")).toBe(whole);
		});
	});

	it("tells 200,000 names apart, and finds any of them again", () => {
		const directory = new CentralDirectory();
		const count = 200_000;
		let refused = 0;
		for (let index = 0; index < count; index++) {
			if (!directory.append(header(`directory/of/names/${index}.txt`))) refused += 1;
		}
		expect(refused).toBe(0);
		for (let index = 0; index < count; index += 1_000) {
			if (!directory.append(header(`directory/of/names/${index}.txt`))) refused += 1;
		}
		expect(refused).toBe(count / 1_000);
		expect(directory.entryCount).toBe(count);
		const stored = [...directory.pages(OWN_CHUNKS)].reduce((sum, page) => sum + page.byteLength, 0);
		expect(stored).toBe(directory.size);
	});
});
