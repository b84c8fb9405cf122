import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/options/duration.ts";

describe("parseDuration", () => {
	it.each([
		[500, "0.5s"],
		[10_000, "10s"],
		[60_000, "60s"],
		[600_000, "10m"],
		[86_400_000, "1d"],
	])("reads %d ms as formatDuration writes it: %s", (milliseconds, text) => {
		expect(formatDuration(milliseconds)).toBe(text);
		expect(parseDuration("--retry-time", text)).toBe(milliseconds);
	});

	it("refuses anything else, and shows it as it was typed", () => {
		expect(() => parseDuration("--retry-time", "1 week")).toThrow(
			'--retry-time is a time such as 30s, 10m or 1d, not "1 week"',
		);
	});
});
