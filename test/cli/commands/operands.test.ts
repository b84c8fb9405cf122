import { describe, expect, it } from "vitest";
import { readOperands, usageOf } from "../../../src/cli/commands/operands.ts";

const SOURCES_AND_TARGET = {
	source: { shown: "<source..>", many: true },
	target: { shown: "<target>" },
} as const;

describe("readOperands", () => {
	it("gives the last words to those behind the one that takes many", () => {
		expect(readOperands(SOURCES_AND_TARGET, ["a", "b", "c"], "")).toEqual({
			source: ["a", "b"],
			target: "c",
		});
		expect(readOperands(SOURCES_AND_TARGET, ["a", "b"], "")).toEqual({ source: ["a"], target: "b" });
	});

	it("tells what is needed, with an example", () => {
		expect(() => readOperands(SOURCES_AND_TARGET, ["a"], "like this")).toThrow(
			"<source..> and <target> are needed: like this",
		);
		expect(() => readOperands({ url: { shown: "<url>" } }, ["a", "b"], "like this")).toThrow(
			'"b" is one too many, only <url> is needed: like this',
		);
	});
});

describe("usageOf", () => {
	it("shows operands in their order", () => {
		expect(usageOf(SOURCES_AND_TARGET)).toBe("<source..> <target>");
	});
});
