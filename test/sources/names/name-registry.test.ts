import { describe, expect, it } from "vitest";
import { NameRegistry } from "../../../src/sources/names/name-registry.ts";

function register(names: readonly string[], foldCase = false): void {
	const registry = new NameRegistry(foldCase);
	for (const [index, name] of names.entries()) {
		const kind = name.endsWith("/") ? "directory" : "file";
		registry.add({ name: Buffer.from(name), kind, origin: `source ${index}` });
	}
}

describe("NameRegistry", () => {
	it.each([
		["the same name twice", ["a", "b", "a"], [0, 2]],
		["a directory twice", ["a/", "a/"], [0, 1]],
		["a file and a directory", ["a", "a/"], [0, 1]],
		["a directory and a file", ["a/", "a"], [0, 1]],
		["a file and something in it", ["a", "a/b"], [0, 1]],
		["something in a file that comes later", ["a/b/c/d", "a/b"], [0, 1]],
		["something deep in a file", ["x/a", "x/b/c", "x/a/b/c"], [0, 2]],
	])("refuses %s, and says where both come from", (_what, names, [first, second]) => {
		expect(() => register(names)).toThrow(`source ${first} and source ${second}`);
	});

	it.each([
		[["a", "a.txt", "ab/", "ab/a"]],
		[["a/", "a/b/", "a/b/c", "a/c"]],
		[["a/b/c", "a/b/", "a/"]],
		[["A", "a"]],
	])("takes %j", (names) => {
		expect(() => register(names)).not.toThrow();
	});

	it("takes upper and lower case, and both forms of an accent, for the same on request", () => {
		expect(() => register(["A/b", "a"], true)).toThrow("source 0 and source 1");
		expect(() => register(["\u00e9", "e\u0301"], true)).toThrow("source 0 and source 1");
	});
});
