import { describe, expect, it } from "vitest";
import { shownValue } from "../../src/options/shown-value.ts";

describe("shownValue", () => {
	it.each<[unknown, string]>([
		["4", '"4"'],
		[4, "4"],
		[Number.NaN, "NaN"],
		[4n, "4n"],
		[null, "null"],
		[undefined, "undefined"],
		[Symbol("s"), "Symbol(s)"],
		[() => {}, "a function"],
		[[1], "a list"],
		[{}, "an object"],
		[Object.create(null), "an object"],
		[new Map(), "an object (Map)"],
		[new Date(0), "1970-01-01T00:00:00.000Z"],
		[new Date(Number.NaN), "an invalid Date"],
		["x".repeat(101), `"${"x".repeat(100)}…"`],
	])("shows a value as it was given: %#", (value, shown) => {
		expect(shownValue(value)).toBe(shown);
	});
});
