import type { Case } from "./case.ts";
import { generatedCase } from "./generated-case.ts";
import { treeCase } from "./tree-case.ts";

const EDGES: Readonly<Record<string, readonly string[]>> = {
	"1900": ["1900-01-01T00:00:00Z", "1901-12-13T20:45:51Z"],
	"1969": ["1901-12-13T20:45:52Z", "1969-12-31T23:59:58.5Z"],
	"1970": ["1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z"],
	"1979": ["1979-12-31T23:59:59Z"],
	"1980": ["1980-01-01T00:00:00Z", "1980-01-01T00:00:01Z"],
	"2038": ["2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z"],
	"2107": ["2107-12-31T23:59:58Z", "2107-12-31T23:59:59Z"],
	"2108": ["2108-01-01T00:00:00Z", "2400-02-29T12:00:00Z"],
};

/** Where DOS times begin, and where 32-bit ones end. */
const QUICK_YEARS = ["1980", "2038"];

/** The hours in which clocks in Berlin go forward, and back. */
const CLOCK_CHANGES = [
	"2024-03-31T00:59:59Z",
	"2024-03-31T01:00:00Z",
	"2024-10-27T00:30:00Z",
	"2024-10-27T01:30:00Z",
	"2024-07-01T12:00:01Z",
];

export const MTIMES: readonly Case[] = [
	...Object.entries(EDGES).map(([year, times]) =>
		generatedCase(
			`mtime ${year}`,
			times.map((time, index) => ({ name: `${year}-${index}`, content: time, mtime: new Date(time) })),
			{ grade: QUICK_YEARS.includes(year) ? "quick" : "small" },
		),
	),
	generatedCase("mtime of directories", [
		{ name: "d/", mtime: new Date("2001-02-03T04:05:07Z") },
		{ name: "d/file", content: "x", mtime: new Date("2011-12-13T14:15:17Z") },
	]),
	treeCase("mtime with a fraction", [
		{ path: "0.001", content: "x", mtime: new Date("2024-02-29T12:34:57.001Z") },
		{ path: "0.999", content: "x", mtime: new Date("2024-02-29T12:34:57.999Z") },
	]),
	generatedCase(
		"mtime at a change of clocks, in Berlin",
		CLOCK_CHANGES.map((time, index) => ({ name: `${index}`, content: time, mtime: new Date(time) })),
		{ timeZone: "Europe/Berlin" },
	),
];
