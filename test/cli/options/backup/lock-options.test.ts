import { describe, expect, it } from "vitest";
import { LOCK_OPTIONS } from "../../../../src/cli/options/backup/lock-options.ts";
import { objectLockOf } from "../../../../src/cli/options/backup/object-lock-of.ts";
import { readValues } from "../../../../src/cli/options/read-values.ts";

const read = (given: Readonly<Record<string, string>>) => objectLockOf(readValues(LOCK_OPTIONS, given));

describe("objectLockOf", () => {
	it("gives no locks if none are asked for", () => {
		expect(read({})).toBeUndefined();
	});

	it("reads the mode, the time between runs and the longest time", () => {
		expect(read({ lock: "compliance", "lock-interval": "24h", "lock-max": "1y6m" })).toEqual({
			mode: "compliance",
			intervalMs: 86_400_000,
			max: { years: 1, months: 6, days: 0, hours: 0 },
		});
		expect(read({ lock: "governance", "lock-interval": "1d" })?.max).toBeUndefined();
	});

	it("refuses to guess how often the backup runs", () => {
		expect(() => read({ lock: "governance" })).toThrow(/--lock-interval 24h/);
		expect(() => read({ lock: "governance", "lock-interval": "0" })).toThrow(/--lock-interval 24h/);
	});

	it.each(["forever", "30", ""])("refuses %j as the longest time", (max) => {
		expect(() => read({ lock: "governance", "lock-interval": "1d", "lock-max": max })).toThrow("--lock-max");
	});
});
