import fs, { readFileSync } from "node:fs";
import { chmod, link, truncate, utimes } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { describe, expect, it, vi } from "vitest";
import { namedPlace } from "../../../../src/sources/files/place.ts";
import { openFile } from "../../../../src/sources/files/reading/file-reader.ts";
import { BLOCK_SIZE } from "../../../../src/zip/format/limits.ts";
import { wholeArchive } from "../../../support/archive-of.ts";
import { archiveWhile } from "../../../support/archive-while.ts";
import { noise } from "../../../support/bytes.ts";
import { findEntries } from "../../../support/found-entries.ts";
import { inspectArchive } from "../../../support/inspect-archive.ts";
import { openFiles, useTempDirectory } from "../../../support/temp-directory.ts";

const temp = useTempDirectory();

const LARGE = 3 * BLOCK_SIZE;

describe("files as they are", () => {
	it("takes contents, time and mode", async () => {
		await temp.write({ f: "content", empty: "", "d/": null });
		await chmod(temp.path("f"), 0o4751);
		await chmod(temp.path("d"), 0o1777);
		const time = new Date("2021-03-04T05:06:07.890Z");
		for (const name of ["f", "d"]) await utimes(temp.path(name), time, time);
		const { entries, events } = await archiveWhile(temp.path());
		const modified = new Date("2021-03-04T05:06:06Z");
		const unixSeconds = Math.floor(time.getTime() / 1000);
		expect(entries).toMatchObject([
			{ name: "d/", mode: 0o1777, modified, unixSeconds },
			{ name: "empty", uncompressedSize: 0, method: "stored", descriptor: "none" },
			{ name: "f", mode: 0o4751, modified, unixSeconds, content: Buffer.from("content") },
		]);
		expect(events).toEqual([]);
	});

	it.each([
		"1900-01-01T00:00:00Z",
		"1969-12-31T23:59:59.500Z",
		"1970-01-01T00:00:00Z",
		"1979-12-31T23:59:59Z",
		"2024-02-29T12:00:00.999Z",
		"2038-01-19T03:14:08Z",
		"2107-12-31T23:59:59Z",
		"2108-01-01T00:00:00Z",
	])("takes a file of %s, as far as the file system does", async (moment) => {
		await temp.write({ f: "x" });
		await utimes(temp.path("f"), new Date(moment), new Date(moment));
		const { mtimeMs } = fs.statSync(temp.path("f"));
		const [entry] = (await archiveWhile(temp.path())).entries;
		const clamped = Math.min(Math.max(mtimeMs, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31, 23, 59, 58));
		expect(entry?.modified.getTime()).toBe(Math.floor(clamped / 2000) * 2000);
		const seconds = Math.floor(mtimeMs / 1000);
		expect(entry?.unixSeconds).toBe(seconds >= -(2 ** 31) && seconds < 2 ** 31 ? seconds : undefined);
	});

	it("stores hard links as files of their own", async () => {
		await temp.write({ a: "same" });
		await link(temp.path("a"), temp.path("b"));
		const { entries } = await archiveWhile(temp.path());
		expect(entries.map(({ name, content }) => `${name} ${content}`)).toEqual(["a same", "b same"]);
	});

	it("reads the holes of a sparse file as zeros", async () => {
		await temp.write({ f: "" });
		await truncate(temp.path("f"), LARGE + 1);
		const [entry] = (await archiveWhile(temp.path())).entries;
		expect(entry?.content.equals(Buffer.alloc(LARGE + 1))).toBe(true);
	});

	it("reads files that only claim to be empty to their end", async () => {
		for (const path of ["/proc/version", "/proc/filesystems"]) {
			const { entries } = await findEntries(path);
			const { bytes } = await wholeArchive(entries);
			const [entry] = inspectArchive(bytes).entries;
			expect(entry?.content.toString()).toBe(readFileSync(path, "utf8"));
			expect(entry?.content.byteLength).toBeGreaterThan(0);
		}
	});
});

describe("files that cannot be read", () => {
	it("names the file and the place where reading breaks off", async () => {
		await temp.write({ f: noise(LARGE) });
		const { read, readSync } = fs;
		// A disk that fails behind the first block, however it is read.
		const failure = Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
		const broken = (...args: Parameters<typeof read>) => {
			const [fd, buffer, offset, length, position, callback] = args as unknown as [
				number,
				Uint8Array,
				number,
				number,
				number,
				(error: Error | null, count: number) => void,
			];
			if (position < BLOCK_SIZE) read(fd, buffer, offset, length, position, callback);
			else callback(failure, 0);
		};
		const brokenSync = (...args: readonly unknown[]) => {
			const [fd, buffer, offset, length, position] = args as [number, Uint8Array, number, number, number];
			if (position < BLOCK_SIZE) return readSync(fd, buffer, offset, length, position);
			throw failure;
		};
		fs.read = broken as unknown as typeof read;
		fs.readSync = brokenSync as unknown as typeof readSync;
		syncBuiltinESMExports();
		try {
			const made = archiveWhile(temp.path(), {}, { skipErrors: true });
			await expect(made).rejects.toMatchObject({
				code: "SOURCE_UNREADABLE",
				message: `cannot read ${temp.path("f")} at byte 1048576: EIO: i/o error, read`,
				cause: { code: "EIO" },
			});
		} finally {
			fs.read = read;
			fs.readSync = readSync;
			syncBuiltinESMExports();
		}
		expect(await openFiles(temp.path())).toEqual([]);
	});

	it.each([
		["reads on without another thread while that takes no waiting", true, 0, { later: 0, now: 3 }],
		["leaves reading to another thread while it takes time", true, 1000, { later: 3, now: 0 }],
		["leaves reading to another thread unless blocking calls are allowed", false, 0, { later: 3, now: 0 }],
	])("%s", async (_, blockingReads, msByTheClock, expected) => {
		await temp.write({ f: noise(LARGE) });
		let time = 0;
		const clock = vi.spyOn(performance, "now").mockImplementation(() => {
			time += msByTheClock;
			return time;
		});
		try {
			await archiveWhile(temp.path(), {}, { blockingReads }); // the next one goes by what this one has met
			const calls = await callsOf(() => archiveWhile(temp.path(), {}, { blockingReads }));
			expect(calls).toEqual(expected);
		} finally {
			clock.mockRestore();
		}
	});

	it("leaves reading to another thread where this one is busy, however quick it is", async () => {
		await temp.write({ f: noise(LARGE) });
		const options = { origin: "f", followSymlinks: false, blocking: true, onChanged() {} };
		const reader = await openFile(namedPlace(temp.path("f")), {
			...options,
			signal: new AbortController().signal,
		});
		const clock = vi.spyOn(performance, "now").mockReturnValue(0);
		try {
			const into = Buffer.alloc(1000);
			await reader.read(into);
			const usual = await callsOf(() => reader.read(into));
			const busy = await callsOf(() => reader.read(into, true));
			expect([usual, busy]).toEqual([
				{ later: 0, now: 1 },
				{ later: 1, now: 0 },
			]);
		} finally {
			clock.mockRestore();
			await reader.close();
		}
	});

	it("names a file that fails at its first byte", async () => {
		const { entries } = await findEntries("/proc/self/mem");
		await expect(wholeArchive(entries)).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringContaining("cannot read /proc/self/mem at byte 0: EIO"),
		});
	});
});

/** How often a file is read meanwhile: by another thread, and with a blocking call. */
async function callsOf(work: () => unknown): Promise<{ later: number; now: number }> {
	const { read, readSync } = fs;
	const calls = { later: 0, now: 0 };
	fs.read = ((...args: Parameters<typeof read>) => {
		calls.later += 1;
		read(...args);
	}) as typeof read;
	fs.readSync = ((...args: Parameters<typeof readSync>) => {
		calls.now += 1;
		return readSync(...args);
	}) as typeof readSync;
	syncBuiltinESMExports();
	try {
		await work();
	} finally {
		fs.read = read;
		fs.readSync = readSync;
		syncBuiltinESMExports();
	}
	return calls;
}
