import { readdir, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-codes.ts";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import { DIRECTORY } from "../reader/hostile/archives/directory.ts";
import { END_RECORDS } from "../reader/hostile/archives/end-records.ts";
import { ENTRIES } from "../reader/hostile/archives/entries.ts";
import { NAMES } from "../reader/hostile/archives/names.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const temp = useTempDirectory();

describe("extracting a hostile archive", () => {
	const all = [...END_RECORDS, ...DIRECTORY, ...ENTRIES, ...NAMES];
	it.each(all.map((archive) => [`${archive.message} (${archive.what})`, archive] as const))(
		"leaves nothing: %s",
		async (_title, { message, make }) => {
			const path = temp.path("a.zip");
			await writeFile(path, make());
			const error = await extractArchive(path, temp.path("target")).catch((failure: unknown) => failure);
			// Of small files, which are decompressed at once, it is not known how many more bytes there are than stated.
			const shorter = message.replace(/than the [\d,]+ that the archive/, "than the archive");
			expect(
				[message, shorter].some((words) => String(error).includes(words)),
				String(error),
			).toBe(true);
			expect(exitCodeOf(error)).toBe(7);
			expect(await readdir(temp.path())).toEqual(["a.zip"]);
		},
	);
});
