import { describe, expect, it } from "vitest";
import { grouped } from "../../src/options/grouped.ts";

describe("grouped", () => {
	it.each([
		[0, "0"],
		[999, "999"],
		[1024, "1,024"],
		[65_535, "65,535"],
		[9_007_199_254_740_991, "9,007,199,254,740,991"],
	])("puts commas into %d", (value, text) => {
		expect(grouped(value)).toBe(text);
	});
});
