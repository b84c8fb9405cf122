import { describe, expect, it } from "vitest";
import { wholeArchive } from "./archive-of.ts";
import { lines } from "./bytes.ts";
import { directoryEntry, fileEntry, symlinkEntry } from "./entries.ts";
import { inspectArchive } from "./inspect-archive.ts";

const ENTRIES = [
	directoryEntry("d/"),
	fileEntry("d/ü", "tiny", { comment: "ä" }),
	fileEntry("large", lines(1_048_600)),
	fileEntry("unknown", lines(1_048_700), { sizeKnown: false }),
	fileEntry("late", "x", { mtimeMs: Date.UTC(2050, 0, 1) }),
	symlinkEntry("link", "d/ü"),
	fileEntry("empty", ""),
];

describe("inspectArchive", () => {
	it("reads back what was written", async () => {
		const { bytes } = await wholeArchive(ENTRIES, { comment: Buffer.from("note") });
		const { entries, ...archive } = inspectArchive(bytes);
		expect(archive).toMatchObject({ size: bytes.byteLength, zip64End: false, comment: Buffer.from("note") });
		expect(
			entries.map(({ name, kind, method, descriptor, localZip64 }) => [
				name,
				kind,
				method,
				descriptor,
				localZip64,
			]),
		).toEqual([
			["d/", "directory", "stored", "none", false],
			["d/ü", "file", "stored", "none", false],
			["large", "file", "deflated", "4-byte sizes", false],
			["unknown", "file", "deflated", "8-byte sizes", true],
			["late", "file", "stored", "none", false],
			["link", "symlink", "stored", "none", false],
			["empty", "file", "stored", "none", false],
		]);
	});

	it("notices every single changed bit, except in comments and file modes", async () => {
		const entries = ENTRIES.filter(({ name }) => Buffer.from(name).toString() !== "unknown");
		const { bytes } = await wholeArchive(
			[
				...entries.filter(({ size = 0 }) => size < 1000),
				fileEntry("packed", lines(300), { method: "deflate" }),
			],
			{ comment: Buffer.from("note") },
		);
		const { directoryOffset } = inspectArchive(bytes);
		const free = new Set<number>();
		for (let at = bytes.byteLength - 4; at < bytes.byteLength; at++) free.add(at);
		for (let at = directoryOffset; bytes.readUInt32LE(at) === 0x0201_4b50; ) {
			const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
			const commentAt = at + 46 + (name ?? 0) + (extra ?? 0);
			free.add(at + 40).add(at + 41); // st_mode
			for (let i = 0; i < (comment ?? 0); i++) free.add(commentAt + i);
			at = commentAt + (comment ?? 0);
		}
		for (let at = 0; at < bytes.byteLength; at++) {
			if (free.has(at)) continue;
			for (let bit = 0; bit < 8; bit++) {
				const broken = Buffer.from(bytes);
				broken.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
				expect(() => inspectArchive(broken), `byte ${at}, bit ${bit}`).toThrow();
			}
		}
	});

	it("refuses bytes before, between and behind the records", async () => {
		const { bytes } = await wholeArchive(ENTRIES);
		const { directoryOffset } = inspectArchive(bytes);
		const gap = Buffer.of(0);
		expect(() => inspectArchive(Buffer.concat([gap, bytes]))).toThrow();
		expect(() => inspectArchive(Buffer.concat([bytes, gap]))).toThrow("no end of central directory");
		const between = [bytes.subarray(0, directoryOffset), gap, bytes.subarray(directoryOffset)];
		expect(() => inspectArchive(Buffer.concat(between))).toThrow("does not end where");
	});
});
