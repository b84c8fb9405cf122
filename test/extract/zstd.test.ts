import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import { noise } from "../support/bytes.ts";
import { handMadeArchive } from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { HELLO, HELLO_FRAME, hasZstd, IF_ZSTD } from "../support/zstd.ts";
import { contentsOf } from "./tree-of.ts";

const temp = useTempDirectory();
const MiB = 1024 * 1024;

/** More than are written without threads. */
const SMALL_COUNT = 300;

function contents(): Map<string, Buffer> {
	const files = new Map<string, Buffer>();
	for (let index = 0; index < SMALL_COUNT; index++) {
		const size = (index * 37) % 9000;
		files.set(`small/${index}`, index % 7 === 0 ? noise(size, index) : Buffer.alloc(size, `text ${index}, `));
	}
	// Frames of several groups: one that shrinks to next to nothing, and one that does not get smaller.
	files.set("large/text", Buffer.alloc(9 * MiB + 5, "a line that is repeated\n"));
	files.set("large/noise", noise(3 * MiB));
	return files;
}

async function archive(): Promise<Buffer> {
	const entries = [...contents()].map(([name, content]) => ({ name, content, mtime: "2026-01-01" }));
	await createZip(entries, temp.path("a.zip"), { method: "zstd" });
	return readFile(temp.path("a.zip"));
}

describe.skipIf(!hasZstd)(`extracting an archive of Zstandard${IF_ZSTD}`, () => {
	it("writes files of any size, in threads where there are many", async () => {
		await archive();
		const { entryCount } = await extractArchive(temp.path("a.zip"), temp.path("t"));
		expect(entryCount).toBe(SMALL_COUNT + 2);
		const found = await contentsOf(temp.path("t"));
		for (const [name, content] of contents()) expect(found[name] === content.toString("latin1")).toBe(true);
	});

	it.each([
		["a small file, in a thread", "small/250"],
		["a long one", "large/text"],
	])("fails when the frame of %s is damaged, and leaves no file of its name", async (_what, name) => {
		const bytes = await archive();
		const data = bytes.indexOf(Buffer.from("28b52ffd", "hex"), bytes.indexOf(name));
		bytes.writeUInt8(bytes.readUInt8(data + 20) ^ 0x10, data + 20);
		await writeFile(temp.path("bad.zip"), bytes);
		const extracted = extractArchive(temp.path("bad.zip"), temp.path("t"));
		await expect(extracted).rejects.toMatchObject({ code: "ENTRY_CORRUPT", entryName: name });
		expect(await contentsOf(temp.path("t"))).not.toHaveProperty([name]);
	});
});

it.skipIf(hasZstd)(
	"an archive of Zstandard is not extracted by a Node without it, which says why",
	async () => {
		const entry = { name: "b", content: HELLO, data: HELLO_FRAME, method: 93, versionNeeded: 63 };
		await writeFile(temp.path("a.zip"), handMadeArchive([{ name: "a", content: "stored" }, entry]));
		const extracted = extractArchive(temp.path("a.zip"), temp.path("t"));
		await expect(extracted).rejects.toThrow(
			'the entry "b" is compressed by Zstandard (method 93), which needs Node.js 22.15, 23.8 or later',
		);
		expect(await contentsOf(temp.path("t"))).toEqual({});
	},
);
