import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../src/cli/arguments/parse.ts";

describe("formatDuration", () => {
	it.each([
		[500, "0.5s"],
		[10_000, "10s"],
		[60_000, "60s"],
		[600_000, "10m"],
		[86_400_000, "1d"],
	])("writes %d ms as parseDuration reads it: %s", (milliseconds, text) => {
		expect(formatDuration(milliseconds)).toBe(text);
		expect(parseDuration("x", text)).toBe(milliseconds);
	});
});
