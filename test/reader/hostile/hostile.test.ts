import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ArchiveError, openArchive } from "../../../src/index.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { DIRECTORY } from "./archives/directory.ts";
import { END_RECORDS } from "./archives/end-records.ts";
import { ENTRIES } from "./archives/entries.ts";
import { NAMES } from "./archives/names.ts";
import type { HostileArchive, Stage } from "./hostile-archive.ts";

const temp = useTempDirectory();

/** How far reading gets, and what ends it. */
async function readAll(path: string): Promise<{ readonly stage: Stage; readonly error?: unknown }> {
	let stage: Stage = "opening";
	try {
		const archive = await openArchive(path);
		try {
			stage = "listing";
			const entries = [];
			for await (const entry of archive) entries.push(entry);
			stage = "reading";
			for (const entry of entries) for await (const _ of entry.open());
			return { stage: "extracting" };
		} finally {
			await archive.close();
		}
	} catch (error) {
		return { stage, error };
	}
}

describe.each([
	["about its end (E11, E12)", END_RECORDS],
	["about its directory (E9, E12)", DIRECTORY],
	["about an entry (E9, E10, E14)", ENTRIES],
	["about a name (E5, E6, E13)", NAMES],
] as const)("an archive with something wrong %s", (_, archives) => {
	it.each(archives.map((archive) => [`${archive.message} (${archive.what})`, archive] as const))(
		"%s",
		async (_title, { message, stage, make }: HostileArchive) => {
			const path = temp.path("a.zip");
			await writeFile(path, make());
			const seen = await readAll(path);
			expect(seen.stage).toBe(stage);
			if (stage === "extracting") return;
			expect(seen.error).toBeInstanceOf(ArchiveError);
			expect(String(seen.error)).toBe(`ArchiveError: ${path}: ${message}`);
		},
	);
});
