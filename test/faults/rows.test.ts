import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { STOPS } from "./measure.ts";
import { READING_SCENARIOS } from "./reading/scenarios.ts";
import { ELSEWHERE, NOT_PROVOKED } from "./rows.ts";
import { ALL_SCENARIOS } from "./scenarios/all.ts";
import { WORKER_ROWS } from "./workers/render-workers.ts";

const range = (letter: string, from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`);

/** Of the list of bad inputs: what can happen between a storage and an upload, or somebody who reads. */
const ROWS = [
	...range("B", 1, 48),
	...range("C", 1, 22),
	...range("D", 1, 15),
	...range("E", 1, 6),
	...range("E", 9, 14),
	...range("E", 18, 20),
	"E23",
];

const IN_TABLE = new Set([...ALL_SCENARIOS, ...READING_SCENARIOS, ...STOPS].map(({ row }) => row));

describe("the list of bad inputs", () => {
	it.each(ROWS)("has %s in the table, in a test of its own, or among those that are not provoked", (row) => {
		const places = [
			IN_TABLE.has(row),
			ELSEWHERE.some((other) => other.row === row),
			NOT_PROVOKED.some((other) => other.row === row),
		];
		expect(places.filter(Boolean)).toHaveLength(1);
	});

	it.each(ELSEWHERE.map(({ row, test }) => [row, test]))("has %s in a title of test/%s", (row, test) => {
		const source = readFileSync(new URL(`../${test}`, import.meta.url), "utf8");
		const titles = source.match(/"[^"\n]*"/g) ?? [];
		expect(titles.some((title) => new RegExp(`\\b${row}\\b`).test(title))).toBe(true);
	});
});

describe("the faults of many workers", () => {
	it.each(WORKER_ROWS.map(({ test, title }) => [test, title]))("have in test/%s: %s", (test, title) => {
		expect(readFileSync(new URL(`../${test}`, import.meta.url), "utf8")).toContain(title);
	});
});
