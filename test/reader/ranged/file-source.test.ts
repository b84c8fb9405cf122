import { rm, truncate, utimes, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { openFileSource } from "../../../src/reader/ranged/file-source.ts";
import { openFiles, useTempDirectory } from "../../support/temp-directory.ts";
import { rangedContract } from "./ranged-contract.ts";

const directory = useTempDirectory();

rangedContract("file", async () => {
	const path = directory.path("archive.zip");
	let second = 0;
	return {
		location: path,
		noticesRemoval: false,
		async put(bytes) {
			await writeFile(path, bytes);
			await utimes(path, 1_700_000_000, 1_700_000_000 + second++);
		},
		remove: () => rm(path),
	};
});

describe("openFileSource", () => {
	it("opens a file by its URL, too", async () => {
		await directory.write({ "a b.zip": "abc" });
		const { openRanged } = await import("../../../src/reader/ranged/open-ranged.ts");
		const url = new URL(`file://${directory.path("a%20b.zip")}`);
		const { source } = await openRanged(url, {} as never);
		expect(source.location).toBe(directory.path("a b.zip"));
		await source.close();
	});

	it.each<[string, Record<string, null | string>]>([["a directory", { thing: null }]])(
		"refuses %s",
		async (words, tree) => {
			await directory.write(tree);
			await expect(openFileSource(directory.path("thing"))).rejects.toMatchObject({
				code: "SOURCE_UNREADABLE",
				message: `${directory.path("thing")} is ${words}, and no archive`,
			});
			expect(await openFiles(directory.path())).toEqual([]);
		},
	);

	it("refuses what is no file, without waiting for its other end", async () => {
		await expect(openFileSource("/dev/null")).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	});

	it("closes the file", async () => {
		await directory.write({ "a.zip": "abc" });
		const { source } = await openFileSource(directory.path("a.zip"));
		expect(await openFiles(directory.path())).toEqual([directory.path("a.zip")]);
		await source.close();
		expect(await openFiles(directory.path())).toEqual([]);
	});

	it("notices while it reads that the file is cut off", async () => {
		await directory.write({ "a.zip": Buffer.alloc(3_000_000) });
		const { source } = await openFileSource(directory.path("a.zip"));
		const reading = source.read(0, 3_000_000);
		await reading.next();
		await truncate(directory.path("a.zip"), 2_500_000);
		const rest = async () => {
			for await (const _ of reading);
		};
		await expect(rest()).rejects.toMatchObject({
			code: "ARCHIVE_CHANGED",
			message: `${directory.path("a.zip")}: the file was written to while it was read`,
		});
		await source.close();
	});
});
