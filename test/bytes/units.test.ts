import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeSize, formatNumber, GiB, MiB } from "../../src/bytes/units.ts";

describe("describeSize", () => {
	it.each([
		[0, "0 bytes"],
		[1023, "1023 bytes"],
		[8 * MiB, "8 MiB"],
		[1.5 * GiB, "1.5 GiB"],
	])("shows %d as %s", (bytes, text) => {
		expect(describeSize(bytes)).toBe(text);
	});
});

it("writes numbers as everybody does in English", () => {
	fc.assert(
		fc.property(fc.maxSafeNat(), (whole) => {
			expect(formatNumber(whole)).toBe(whole.toLocaleString("en"));
		}),
	);
	expect([0, 999, 1000, 1_234_567].map(formatNumber)).toEqual(["0", "999", "1,000", "1,234,567"]);
});
