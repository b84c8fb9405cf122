import { describe, expect, it } from "vitest";
import { PERIODS } from "../../../../src/backup/retention/keep-policy.ts";
import { KEEP_OPTIONS } from "../../../../src/cli/options/backup/keep-options.ts";
import { keepPolicyOf } from "../../../../src/cli/options/backup/keep-policy-of.ts";
import { readValues } from "../../../../src/cli/options/read-values.ts";

function policyOf(given: Readonly<Record<string, string>>) {
	return keepPolicyOf(readValues(KEEP_OPTIONS, given));
}

describe("keepPolicyOf", () => {
	it("gives no policy if nothing is asked to be kept", () => {
		expect(policyOf({})).toBeUndefined();
	});

	it("reads every option into the rule of its name", () => {
		const days = { years: 0, months: 0, days: 3, hours: 0 };
		for (const period of PERIODS) {
			expect(policyOf({ [`keep-${period}`]: "7" })).toMatchObject({ [period]: 7, min: 1 });
			const within = `within${period.charAt(0).toUpperCase()}${period.slice(1)}`;
			expect(policyOf({ [`keep-within-${period}`]: "3d" })).toMatchObject({ [within]: days, min: 1 });
		}
		expect(policyOf({ "keep-last": "2", "keep-min": "3" })).toMatchObject({ last: 2, min: 3 });
		expect(policyOf({ "keep-within": "3d" })).toMatchObject({ within: days });
		expect(Object.keys(KEEP_OPTIONS)).toHaveLength(2 * PERIODS.length + 3);
	});

	it.each(["all", "unlimited", "-1"])("keeps without end for %s, as restic does", (text) => {
		expect(policyOf({ "keep-daily": text })).toMatchObject({ daily: -1 });
	});

	it.each(["0", "-2", "1.5", "seven", "7d", "1e3"])("refuses %j as a number", (text) => {
		expect(() => policyOf({ "keep-daily": text })).toThrow(
			`--keep-daily must be a whole number from 1, or all, not "${text}"`,
		);
	});

	it.each(["0", "all", "-1"])("refuses %j as the least number", (text) => {
		expect(() => policyOf({ "keep-daily": "7", "keep-min": text })).toThrow(
			`--keep-min must be a whole number from 1, not "${text}"`,
		);
	});

	it("refuses a least number that stands alone, as nothing would ever be removed", () => {
		expect(() => policyOf({ "keep-min": "3" })).toThrow(/^--keep-min .* --keep-daily 7$/);
	});
});
