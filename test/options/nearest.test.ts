import { describe, expect, it } from "vitest";
import { nearestOf } from "../../src/options/nearest.ts";

const NAMES = ["partSize", "key", "bucket", "resume"];

describe("nearestOf", () => {
	it.each([
		["partsize", "partSize"],
		["part_size", "partSize"],
		["buket", "bucket"],
		["resumes", "resume"],
		["k", undefined],
		["compressionLevel", undefined],
	])("takes %s for %s", (word, name) => {
		expect(nearestOf(word, NAMES)).toBe(name);
	});
});
