import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflateBatch } from "../../src/extract/local/write/inflate-batch.js";

interface File {
	readonly data: Buffer;
	readonly compressedSize: number;
	readonly uncompressedSize: number;
	readonly method: number;
	readonly crc32: number;
}

function deflated(content: Buffer, data: Buffer = deflateRawSync(content)): File {
	const sizes = { compressedSize: data.byteLength, uncompressedSize: content.byteLength };
	return { data, ...sizes, method: 8, crc32: crc32(content) };
}

function stored(content: Buffer): File {
	return { ...deflated(content, content), method: 0 };
}

const inflate = (files: readonly File[]) => inflateBatch(Buffer.concat(files.map(({ data }) => data)), files);
const text = (length: number) => Buffer.alloc(length, "some text, again and again; ");

describe("inflateBatch", () => {
	it("gives the contents of those that are deflated, one after the other", () => {
		const files = [deflated(text(1000)), stored(text(50)), deflated(Buffer.alloc(0)), deflated(text(7))];
		expect(inflate(files)).toEqual(Buffer.concat([text(1000), text(7)]));
	});

	it.each([
		["another CRC-32", (file: File) => ({ ...file, crc32: file.crc32 ^ 1 })],
		["a smaller size", (file: File) => ({ ...file, uncompressedSize: file.uncompressedSize - 1 })],
		["a larger size", (file: File) => ({ ...file, uncompressedSize: file.uncompressedSize + 1 })],
		["data that is none", (file: File) => ({ ...file, data: Buffer.alloc(file.compressedSize, 0xff) })],
		[
			"more data than its stream",
			(file: File) => deflated(text(1000), Buffer.concat([file.data, Buffer.alloc(9)])),
		],
		["less data than its stream", (file: File) => deflated(text(1000), file.data.subarray(0, -1))],
		["a member of its own within", () => deflated(text(1000), gzipSync(text(1000)))],
		[
			"a stream of nothing in front",
			(file: File) => {
				const nothing = Buffer.concat([deflateRawSync(""), Buffer.alloc(8), gzipSync("").subarray(0, 10)]);
				return deflated(text(1000), Buffer.concat([nothing, file.data]));
			},
		],
	])("gives nothing if one of them has %s", (_what, change) => {
		const file = deflated(text(1000));
		for (const files of [
			[change(file)],
			[file, change(file)],
			[change(file), file],
			[change(file), change(file)],
		])
			expect(inflate(files)).toBeUndefined();
	});

	it("leaves what gets large to others", () => {
		expect(inflate([deflated(text(600_000)), deflated(text(600_000))])).toBeUndefined();
		expect(inflate([stored(text(5))])).toBeUndefined();
	});
});
