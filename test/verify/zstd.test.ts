import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createZip, type VerifyLevel, verifyArchive } from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { handMadeArchive, MADE_ON_UNIX, unixMode } from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { HELLO, HELLO_FRAME, hasZstd, IF_ZSTD } from "../support/zstd.ts";

const temp = useTempDirectory();
const MiB = 1024 * 1024;

const LEVELS: readonly VerifyLevel[] = ["structure", "headers", "content"];

/** Short and long frames, one of them without known size, and something that is stored. */
async function archive(): Promise<Buffer> {
	async function* stream() {
		for (let count = 0; count < 3; count++) yield Buffer.alloc(MiB, "a line of a stream\n");
	}
	const entries = [
		{ name: "text", content: "text ".repeat(1000) },
		{ name: "empty", content: "" },
		{ name: "large", content: Buffer.alloc(2 * MiB, "a line that is repeated\n") },
		{ name: "noise", content: noise(2 * MiB) },
		{ name: "stream", content: stream() },
		{ name: "last", content: "end ".repeat(100) },
	];
	const dated = entries.map((entry) => ({ ...entry, mtime: "2026-01-01" }));
	await createZip(dated, temp.path("a.zip"), { method: "zstd" });
	return readFile(temp.path("a.zip"));
}

async function check(bytes: Uint8Array, level: VerifyLevel) {
	await writeFile(temp.path("b.zip"), bytes);
	return verifyArchive(temp.path("b.zip"), { level });
}

describe.skipIf(!hasZstd)(`verifyArchive() of an archive of Zstandard${IF_ZSTD}`, () => {
	it.each(LEVELS)("finds nothing wrong with a good one (%s)", async (level) => {
		const result = await check(await archive(), level);
		expect(result).toMatchObject({ ok: true, findings: [], entryCount: 6, headerCount: 6 });
		expect(result.contentCount).toBe(level === "content" ? 6 : 0);
	});

	it("knows to the byte how long entries are", async () => {
		const bytes = await archive();
		// A byte between the last two entries, which the directory and its end take into account.
		const last = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 3, 4]));
		const grown = Buffer.concat([bytes.subarray(0, last), Buffer.alloc(1), bytes.subarray(last)]);
		const end = grown.byteLength - 22;
		grown.writeUInt32LE(grown.readUInt32LE(end + 16) + 1, end + 16);
		const header = grown.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
		grown.writeUInt32LE(last + 1, header + 42);
		expect((await check(grown, "structure")).findings).toMatchObject([
			{
				...{ structure: "layout", entryName: "stream" },
				message: "is followed by 1 byte that belong to no entry, before the next entry",
			},
		]);
	});

	it("compares every byte of the headers", async () => {
		const bytes = await archive();
		for (const name of ["text", "large"]) {
			const bad = Buffer.from(bytes);
			const header = bad.indexOf(name) - 30;
			expect(bad.readUInt16LE(header + 4)).toBe(63);
			bad.writeUInt16LE(20, header + 4); // version needed
			expect((await check(bad, "headers")).findings).toMatchObject([
				{ structure: "local-header", entryName: name },
			]);
		}
	});

	it.each(["text", "large", "noise", "stream", "last"])("finds damage in the frame of %s", async (name) => {
		const bytes = await archive();
		const data = bytes.indexOf(Buffer.from("28b52ffd", "hex"), bytes.indexOf(name));
		bytes.writeUInt8(bytes.readUInt8(data + 14) ^ 0x10, data + 14);
		expect((await check(bytes, "content")).findings).toMatchObject([{ structure: "data", entryName: name }]);
	});
});

describe.skipIf(hasZstd)("verifyArchive() of an archive of Zstandard, by a Node without it", () => {
	const unix = { versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o100644) };
	const entry = { name: "b", content: HELLO, data: HELLO_FRAME, method: 93, versionNeeded: 63, ...unix };
	const bytes = handMadeArchive([{ name: "a", content: "stored", ...unix }, entry]);

	it.each<VerifyLevel>(["structure", "headers"])("tells whether it is good (%s)", async (level) => {
		expect(await check(bytes, level)).toMatchObject({ ok: true, entryCount: 2, headerCount: 2 });
	});

	it("says what is needed to look at its content, instead of calling it damaged", async () => {
		await expect(check(bytes, "content")).rejects.toThrow(
			'the entry "b" is compressed by Zstandard (method 93), which needs Node.js 22.15, 23.8 or later',
		);
	});
});
