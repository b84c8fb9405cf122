import { readdir, readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { useTempDirectory } from "../support/temp-directory.ts";

type Piece = (size: number) => Uint8Array;

interface Photos {
	makePhotos(folder: string, options: { readonly count: number; readonly seed: number }): void;
}

interface Files {
	makeTextFiles(
		folder: string,
		options: { count: number; sizes: readonly [number, number]; seed: number; piece: Piece },
	): void;
	makeSparseImage(path: string, options: { size: number; seed: number; piece: Piece }): void;
}

interface Logs {
	jsonLines(size: number, seed: number): Iterable<Uint8Array>;
}

const bench = (file: string) => import(new URL(`../../bench/data/${file}`, import.meta.url).href);
const { makePhotos }: Photos = await bench("photos.mjs");
const { makeTextFiles, makeSparseImage }: Files = await bench("files.mjs");
const { jsonLines }: Logs = await bench("logs.mjs");
const temp = useTempDirectory();
const letters: Piece = (size) => Buffer.alloc(size, "text ");

describe("the data of the benchmark", () => {
	it("has photos that begin and end as a JPEG, with no marker within their data, and the same each time", async () => {
		for (const folder of ["a", "b"]) makePhotos(temp.path(folder), { count: 2, seed: 1 });
		const names = await readdir(temp.path("a/2026-06-01"));
		expect(names.sort()).toEqual(["IMG_4000.jpg", "IMG_4000.xmp", "IMG_4001.jpg", "IMG_4001.xmp"]);
		const photo = await readFile(temp.path("a/2026-06-01/IMG_4000.jpg"));
		expect(photo.subarray(0, 4).toString("hex")).toBe("ffd8ffe1");
		expect(photo.subarray(-2).toString("hex")).toBe("ffd9");
		const scan = photo.indexOf(Buffer.from([0xff, 0xda]));
		const data = photo.subarray(scan + 12, -2);
		for (let at = data.indexOf(0xff); at >= 0; at = data.indexOf(0xff, at + 1))
			if (data[at + 1] !== 0) throw new Error(`there is a marker at ${at}`);
		expect(photo.equals(await readFile(temp.path("b/2026-06-01/IMG_4000.jpg")))).toBe(true);
	});

	it("has text files of all sizes between two", async () => {
		makeTextFiles(temp.path(), { count: 150, sizes: [200, 8_000], seed: 2, piece: letters });
		const found = await readdir(temp.path(), { recursive: true, withFileTypes: true });
		const files = found.filter((item) => item.isFile());
		const sizes = await Promise.all(
			files.map(async ({ parentPath, name }) => (await stat(`${parentPath}/${name}`)).size),
		);
		expect(sizes).toHaveLength(150);
		expect(Math.min(...sizes)).toBeGreaterThanOrEqual(200);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(8_000);
		expect(Math.max(...sizes) - Math.min(...sizes)).toBeGreaterThan(6_000);
	});

	it.skipIf(process.platform === "win32")("has an image that takes hardly any of the disk", async () => {
		makeSparseImage(temp.path("disk.img"), { size: 1024 ** 3, seed: 3, piece: letters });
		const { size, blocks } = await stat(temp.path("disk.img"));
		expect(size).toBe(1024 ** 3);
		expect(blocks * 512).toBeLessThan(16 * 1024 ** 2);
	});

	it("has logs of which each line is an object", () => {
		const lines = Buffer.concat([...jsonLines(10_000, 4)])
			.toString()
			.split("\n");
		expect(lines.length).toBeGreaterThan(30);
		for (const line of lines.slice(0, -1))
			expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
	});
});
