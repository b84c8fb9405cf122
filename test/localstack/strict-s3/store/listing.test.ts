import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareKeys, listPage } from "../../../../localstack/strict-s3/store/listing.ts";

const key = fc.string({ unit: "binary", maxLength: 8 });

describe("compareKeys", () => {
	it("orders as the UTF-8 bytes do", () => {
		fc.assert(
			fc.property(key, key, (left, right) => {
				expect(Math.sign(compareKeys(left, right))).toBe(
					Buffer.compare(Buffer.from(left), Buffer.from(right)),
				);
			}),
		);
	});
});

describe("listPage", () => {
	it("gives pages that join up to the whole listing, whatever their size", () => {
		const keys = fc.uniqueArray(
			fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 6 }),
		);
		const options = fc.record({ prefix: fc.constantFrom("", "a"), delimiter: fc.constantFrom("", "/") });
		fc.assert(
			fc.property(keys, options, fc.integer({ min: 1, max: 4 }), (unsorted, how, limit) => {
				const sorted = [...unsorted].sort(compareKeys);
				const whole = listPage(sorted, { ...how, after: "", limit: 1000 });
				const joined = { keys: [] as string[], commonPrefixes: [] as string[] };
				let after: string | undefined = "";
				while (after !== undefined) {
					const page = listPage(sorted, { ...how, after, limit });
					expect(page.keys.length + page.commonPrefixes.length).toBeLessThanOrEqual(limit);
					joined.keys.push(...page.keys);
					joined.commonPrefixes.push(...page.commonPrefixes);
					after = page.next;
				}
				expect({ ...joined, next: undefined }).toEqual(whole);
			}),
		);
	});
});
