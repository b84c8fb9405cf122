import { appendFile, open, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { memoryCrcCache } from "../../../src/archive/layout/crc/memory-crc-cache.ts";
import { combineCrc32 } from "../../../src/bytes/combine-crc32.ts";
import { crc32 } from "../../../src/bytes/crc32.ts";
import { openArchive } from "../../../src/reader/open-archive.ts";
import { PathEntry } from "../../../src/sources/files/entries/path-entry.ts";
import { noise } from "../../support/bytes.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";
import { archiveOf, layoutOf, rangeOf, tryLayout } from "./layouts.ts";

const temp = useTempDirectory();
const MiB = 1024 * 1024;
afterEach(() => {
	vi.restoreAllMocks();
});

const FOREVER = new AbortController().signal;

/** The files look as if they were changed long ago; ctime cannot be set, so the clock is. */
function later(): void {
	const now = Date.now();
	vi.spyOn(Date, "now").mockImplementation(() => now + 10_000);
}

/** Counts what is read of the sources. */
function countBytes(): { bytes: number } {
	const count = { bytes: 0 };
	const { ranged } = PathEntry.prototype;
	vi.spyOn(PathEntry.prototype, "ranged").mockImplementation(async function (this: PathEntry, signal) {
		const content = await ranged.call(this, signal);
		if (content === undefined) return undefined;
		const read = content.read.bind(content);
		return Object.assign(content, {
			async *read(start: number, end: number, abort: AbortSignal) {
				for await (const chunk of read(start, end, abort)) {
					count.bytes += chunk.byteLength;
					yield chunk;
				}
			},
		});
	});
	return count;
}

describe("reading a layout", () => {
	it("resumes with the missing bytes and 1 MiB more, if what came before is in the cache", async () => {
		const tree = {
			"t/a": noise(3 * MiB, 1),
			"t/b": noise(900_000, 2),
			"t/c": noise(9 * MiB + 5, 3),
			"t/d": "small",
		};
		await temp.write(tree);
		later();
		const count = countBytes();
		const expected = await archiveOf(temp.path("t"));
		for (const cut of [10, 2.5 * MiB, 3.4 * MiB, 6.2 * MiB, 12.3 * MiB, expected.byteLength - 5]) {
			const cache = memoryCrcCache();
			const layout = await layoutOf(temp.path("t"), {}, cache);
			const end = Math.floor(cut);
			const first = await rangeOf(layout, 0, end);
			count.bytes = 0;
			const again = await layoutOf(temp.path("t"), {}, cache);
			const rest = await rangeOf(again, end);
			expect(count.bytes).toBeLessThanOrEqual(expected.byteLength - end + MiB);
			expect(Buffer.concat([first, rest]).equals(expected)).toBe(true);
			count.bytes = 0;
			await rangeOf(again, end);
			expect(count.bytes).toBeLessThanOrEqual(expected.byteLength - end);
		}
	});

	it("does not read what is outside of the range", async () => {
		await temp.write({ "t/a": noise(5 * MiB, 1), "t/b": noise(100, 2), "t/c": noise(5 * MiB, 3) });
		const count = countBytes();
		const layout = await layoutOf(temp.path("t"));
		await rangeOf(layout, 2 * MiB, 2 * MiB + 10);
		expect(count.bytes).toBeLessThanOrEqual(MiB);
		count.bytes = 0;
		await rangeOf(layout, layout.size - 22);
		expect(count.bytes).toBe(0);
	});

	it("never gives a mix: what changes after the layout was made ends it", async () => {
		const changes: Readonly<Record<string, () => Promise<void>>> = {
			appended: () => appendFile(temp.path("t/b"), "more"),
			truncated: () => truncate(temp.path("t/b"), 5),
			"written to": () => writeFile(temp.path("t/b"), noise(2 * MiB, 9)),
			touched: () => utimes(temp.path("t/b"), 1, 1),
			removed: () => rm(temp.path("t/b")),
			replaced: () =>
				writeFile(temp.path("new"), noise(2 * MiB, 8)).then(() => rename(temp.path("new"), temp.path("t/b"))),
			"added before": () => writeFile(temp.path("t/a1"), ""),
			"added behind": () => writeFile(temp.path("t/z"), ""),
		};
		for (const [change, make] of Object.entries(changes)) {
			await temp.write({ "t/a": noise(1.5 * MiB, 1), "t/b": noise(2 * MiB, 2), "t/c": noise(300, 3) });
			const layout = await layoutOf(temp.path("t"));
			const expected = await archiveOf(temp.path("t"));
			const got: Uint8Array[] = [];
			const reading = (async () => {
				for await (const chunk of layout.read(0, layout.size, FOREVER)) {
					got.push(chunk);
					if (got.length === 3) await make();
				}
			})();
			await expect(reading, change).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
			const before = Buffer.concat(got);
			expect(before.equals(expected.subarray(0, before.byteLength)), change).toBe(true);
			const whole = rangeOf(layout, layout.size - 100);
			await expect(whole, change).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
			await rm(temp.path("t"), { recursive: true });
		}
	});

	it("notices a change while a file is read, with nothing of the new contents given", async () => {
		await temp.write({ "t/a": noise(4 * MiB, 1) });
		const layout = await layoutOf(temp.path("t"));
		const expected = await archiveOf(temp.path("t"));
		const got: Uint8Array[] = [];
		const reading = (async () => {
			for await (const chunk of layout.read(0, layout.size, FOREVER)) {
				got.push(chunk);
				if (got.length !== 5) continue;
				const file = await open(temp.path("t/a"), "r+");
				await file.write(noise(2 * MiB, 7), 0, 2 * MiB, MiB);
				await file.close();
			}
		})();
		await expect(reading).rejects.toMatchObject({ code: "SOURCE_CHANGED", origin: temp.path("t/a") });
		const before = Buffer.concat(got);
		expect(before.equals(expected.subarray(0, before.byteLength))).toBe(true);
	});

	it("fails where a CRC-32 contradicts the cache, and forgets what it had of that content", async () => {
		await temp.write({ "t/a": noise(2 * MiB, 1), "t/b": noise(100, 2) });
		later();
		for (const wrong of ["a", "b"]) {
			const cache = memoryCrcCache();
			const get = vi.spyOn(cache, "get");
			const layout = await layoutOf(temp.path("t"), {}, cache);
			await rangeOf(layout);
			const size = wrong === "a" ? ` ${2 * MiB} ` : " 100 ";
			const identity = get.mock.calls.map(([text]) => text).find((text) => text.includes(size)) ?? "";
			cache.set(identity, 12_345);
			const again = await layoutOf(temp.path("t"), {}, cache);
			await expect(rangeOf(again)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
			expect(cache.get(identity)).toBeUndefined();
			expect(
				(await rangeOf(await layoutOf(temp.path("t"), {}, cache))).equals(await archiveOf(temp.path("t"))),
			).toBe(true);
		}
	});

	it("remembers nothing of what was changed a moment ago", async () => {
		await temp.write({ "t/a": noise(2 * MiB, 1) });
		const cache = memoryCrcCache();
		const set = vi.spyOn(cache, "set");
		const layout = await layoutOf(temp.path("t"), {}, cache);
		expect(layout.settled).toBe(false);
		await rangeOf(layout);
		expect(set).not.toHaveBeenCalled();
		later();
		const settled = await layoutOf(temp.path("t"), {}, cache);
		expect([settled.settled, settled.digest]).toEqual([true, layout.digest]);
		await rangeOf(settled);
		expect(set).toHaveBeenCalledTimes(3);
	});

	it("closes files at once when it is ended, aborted, or the layout is closed", async () => {
		await temp.write({ "t/a": noise(9 * MiB, 1) });
		const layout = await layoutOf(temp.path("t"));
		const ended = layout.read(0, layout.size, FOREVER);
		await ended.next();
		await ended.return();
		const abort = new AbortController();
		const aborted = layout.read(0, layout.size, abort.signal);
		await aborted.next();
		abort.abort(new Error("enough"));
		await expect(aborted.next().then(() => aborted.next())).rejects.toThrow("enough");
		const closed = layout.read(0, layout.size, FOREVER);
		await closed.next();
		await layout.close();
		await expect(closed.next().then(() => closed.next())).rejects.toThrow();
		expect(await openFiles(temp.path("t"))).toEqual([]);
	});

	it("lays nothing out that only reading would tell", async () => {
		expect(await tryLayout({ name: "a", content: () => "text" })).toBeUndefined();
		expect(await tryLayout({ name: "a", content: "text", size: 5 })).toBeUndefined();
		expect(await tryLayout({ name: "a", content: "text", method: "deflate" })).toBeUndefined();
		expect(await tryLayout({ path: "/proc/self/status" })).toBeUndefined();
		expect((await tryLayout({ name: "a", content: "text" }))?.entryCount).toBe(1);
	});

	it("refuses what planning refuses", async () => {
		const twice = [
			{ name: "a", content: "1" },
			{ name: "a/b", content: "2" },
		];
		await expect(tryLayout(twice)).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
		await temp.write({ t: null });
		await expect(tryLayout(temp.path("t"))).rejects.toMatchObject({ code: "SOURCE_EMPTY" });
		await expect(tryLayout(temp.path("no"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
	});

	it("spans files above 4 GiB, whose CRC-32 the cache has", async () => {
		const size = 5 * 1024 ** 3 + 3;
		await temp.write({ "t/a": "", "t/b": "end" });
		await truncate(temp.path("t/a"), size);
		const ofZeros = crc32(Buffer.alloc(MiB));
		const pieces = Array.from({ length: 5 * 1024 }, () => ({ crc32: ofZeros, size: MiB }));
		const value = combineCrc32([...pieces, { crc32: crc32(Buffer.alloc(3)), size: 3 }]);
		const cache = {
			...memoryCrcCache(),
			get: (identity: string, piece?: number) =>
				piece === undefined && identity.includes(` ${size} `) ? value : undefined,
		};
		const count = countBytes();
		const layout = await layoutOf(temp.path("t"), {}, cache);
		const archive = await open(temp.path("spots.zip"), "w");
		for (const [start, end] of [
			[0, 100_000],
			[4.5 * 1024 ** 3, 4.5 * 1024 ** 3 + 200_000],
			[layout.size - 100_000, layout.size],
		] as const)
			await archive.write(await rangeOf(layout, start, end), 0, end - start, start);
		await archive.close();
		expect(count.bytes).toBeLessThan(MiB);
		await using opened = await openArchive(temp.path("spots.zip"));
		const entries = [];
		for await (const entry of opened) entries.push(entry);
		expect(entries).toMatchObject([
			{ name: "a", uncompressedSize: size, crc32: value },
			{ name: "b", uncompressedSize: 3 },
		]);
	});
});
