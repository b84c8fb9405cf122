import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Extents } from "../../../src/extract/plan/extents.ts";

describe("Extents", () => {
	it("finds two that share bytes, in any order, and no others", () => {
		const extent = fc.record({ start: fc.nat(300), size: fc.integer({ min: 1, max: 20 }) });
		fc.assert(
			fc.property(fc.array(extent, { maxLength: 15 }), (list) => {
				const extents = new Extents();
				for (const { start, size } of list) extents.add(start, start + size);
				const found = extents.findOverlap();
				const share = (a: number, b: number) => {
					const [one, other] = [list[a], list[b]];
					if (one === undefined || other === undefined) return false;
					return one.start < other.start + other.size && other.start < one.start + one.size;
				};
				const any = list.some((_, a) => list.some((_, b) => a < b && share(a, b)));
				expect(found !== undefined).toBe(any);
				if (found === undefined) return;
				expect(found[0]).toBeLessThan(found[1]);
				expect(share(...found)).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});

	it("holds many, block by block", () => {
		const extents = new Extents();
		for (let index = 0; index < 200_000; index += 1) extents.add(index * 100, index * 100 + 100);
		expect(extents.findOverlap()).toBeUndefined();
		extents.add(7_000_050, 7_000_051);
		expect(extents.findOverlap()).toEqual([70_000, 200_000]);
	});
});
