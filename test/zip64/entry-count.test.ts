import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/zip/entry.ts";
import { wholeArchive } from "../support/archive-of.ts";
import { directoryEntry } from "../support/entries.ts";
import { inspectArchive } from "../support/inspect-archive.ts";

function* directories(count: number): Generator<Entry, void, void> {
	for (let index = 0; index < count; index++) yield directoryEntry(`${index}/`);
}

describe("entry counts around 65,535 (APPNOTE 4.4.21, 4.4.22)", () => {
	const holds = async (count: number, zip64: boolean) => {
		const { bytes, summary } = await wholeArchive(directories(count));
		const { zip64End, entries } = inspectArchive(bytes);
		expect(zip64End).toBe(zip64);
		expect(entries.length).toBe(count);
		expect(entries.at(-1)).toMatchObject({ name: `${count - 1}/`, centralZip64: [], versionNeeded: 20 });
		expect(summary).toEqual({ size: bytes.byteLength, entryCount: count, zip64 });
	};
	it.each([
		[65_534, false],
		[65_535, true],
	])("has a ZIP64 end record for %d entries: %s", holds);
	it.each([[65_536, true]])("has a ZIP64 end record for %d entries: %s", { tags: "slow" }, holds);
});
