import { describe, expect, it } from "vitest";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { extractWhole } from "./extract-whole.ts";
import { fuzz, fuzzedArchive } from "./fuzz.ts";
import { goodArchives } from "./good-archives.ts";
import { readWhole } from "./read-whole.ts";

const temp = useTempDirectory();

describe("archives that are changed at random", () => {
	it("are right before", async () => {
		for (const bytes of await goodArchives()) expect(await readWhole(bytes)).toBe("all read");
	});

	it("are the same for the same number", async () => {
		const archives = await goodArchives();
		expect(fuzzedArchive(archives, 7).equals(fuzzedArchive(archives, 7))).toBe(true);
	});

	it("are read or refused, and nothing else: 2,000 of them", { timeout: 300_000 }, async () => {
		const { outcomes, findings } = await fuzz({ first: 0, count: 2_000 });
		expect(findings).toEqual([]);
		// Else the changes have been too wild, or too tame.
		expect(outcomes.get("all read")).toBeGreaterThan(50);
		expect(outcomes.get("INVALID_ARCHIVE")).toBeGreaterThan(500);
		expect([...outcomes.keys()].some((outcome) => outcome.startsWith("some read"))).toBe(true);
	});

	it("are extracted or refused, and nothing is written elsewhere: 300 of them", {
		timeout: 300_000,
	}, async () => {
		const { findings } = await fuzz({
			first: 0,
			count: 300,
			also: (bytes) => extractWhole(bytes, temp.path()),
		});
		expect(findings).toEqual([]);
	});

	it("are extracted or refused: 1,500 more", { tags: "slow", timeout: 600_000 }, async () => {
		const { findings } = await fuzz({
			first: 300,
			count: 1_500,
			also: (bytes) => extractWhole(bytes, temp.path()),
		});
		expect(findings).toEqual([]);
	});

	it("are read or refused: 20,000 more", { tags: "slow", timeout: 600_000 }, async () => {
		const { findings } = await fuzz({ first: 2_000, count: 20_000 });
		expect(findings).toEqual([]);
	});
});
