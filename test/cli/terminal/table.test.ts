import { describe, expect, it } from "vitest";
import { tableLines } from "../../../src/cli/terminal/table.ts";

const COLUMNS = [
	{ title: "TIME", cells: ["2026-11-26 03:00", "2026-11-25 03:00"] },
	{ title: "SIZE", cells: ["9 B", "1.40 GiB"], alignRight: true },
	{ title: "ENTRIES", cells: ["3", "1,000"], alignRight: true, dispensable: 1 },
	{ title: "KEY", cells: ["a.zip", "日本.zip"], dispensable: 2 },
];

describe("a table", () => {
	it("has its columns one below the other, as wide as they have to be", () => {
		expect(tableLines(COLUMNS, undefined)).toEqual([
			"TIME                  SIZE  ENTRIES  KEY",
			"2026-11-26 03:00       9 B        3  a.zip",
			"2026-11-25 03:00  1.40 GiB    1,000  日本.zip",
		]);
	});

	it("leaves out what can be spared where the terminal is too narrow, the most dispensable first", () => {
		expect(tableLines(COLUMNS, 45)).toEqual(tableLines(COLUMNS, undefined));
		expect(tableLines(COLUMNS, 44)).toEqual(tableLines(COLUMNS.slice(0, 3), undefined));
		expect(tableLines(COLUMNS, 30)).toEqual(tableLines(COLUMNS.slice(0, 2), undefined));
	});

	it("keeps the columns that nobody can do without", () => {
		expect(tableLines(COLUMNS, 5)).toEqual(tableLines(COLUMNS.slice(0, 2), undefined));
	});
});
