import fc from "fast-check";
import { expect, it } from "vitest";
import { formatNumber } from "../../../src/cli/terminal/text.ts";

it("writes numbers as everybody does in English", () => {
	fc.assert(
		fc.property(fc.maxSafeNat(), (whole) => {
			expect(formatNumber(whole)).toBe(whole.toLocaleString("en"));
		}),
	);
	expect([0, 999, 1000, 1_234_567].map(formatNumber)).toEqual(["0", "999", "1,000", "1,234,567"]);
});
