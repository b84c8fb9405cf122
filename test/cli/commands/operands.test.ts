import { describe, expect, it } from "vitest";
import { type OperandWords, readOperands, usageOf } from "../../../src/cli/commands/operands.ts";

const SOURCES_AND_TARGET = {
	source: { shown: "<source..>", many: true },
	target: { shown: "<target>" },
} as const;

function words(typed: readonly string[], behind: readonly string[] = []): OperandWords {
	return { words: typed, behind };
}

describe("readOperands", () => {
	it("gives the last words to those behind the one that takes many", () => {
		expect(readOperands(SOURCES_AND_TARGET, words(["a", "b", "c"]), "")).toEqual({
			source: ["a", "b"],
			target: "c",
		});
		expect(readOperands(SOURCES_AND_TARGET, words(["a", "b"]), "")).toEqual({ source: ["a"], target: "b" });
	});

	it("gives the words behind -- to a command only if its flag is there", () => {
		const table = { ...SOURCES_AND_TARGET, command: { shown: "[-- command..]", behind: "run" } } as const;
		const typed = words(["a", "b"], ["c", "-d"]);
		expect(readOperands(table, typed, "", ["run"])).toEqual({
			source: ["a"],
			target: "b",
			command: ["c", "-d"],
		});
		expect(readOperands(table, typed, "")).toEqual({ source: ["a", "b", "c"], target: "-d", command: [] });
		expect(() => readOperands(table, words(["a", "b"]), "", ["run"])).toThrow(
			"--run needs a command behind --",
		);
	});

	it("takes the words behind -- for a command that lacks its flag if those before end in a bucket", () => {
		const table = { ...SOURCES_AND_TARGET, command: { shown: "[-- command..]", behind: "run" } } as const;
		expect(() => readOperands(table, words(["a", "s3://b/c"], ["pg_dump", "shop"]), "")).toThrow(
			"a command behind -- needs --run",
		);
		expect(readOperands(table, words(["a"], ["-b", "s3://b/c"]), "")).toMatchObject({
			source: ["a", "-b"],
			target: "s3://b/c",
		});
	});

	it("tells what is needed, with an example", () => {
		expect(() => readOperands(SOURCES_AND_TARGET, words(["a"]), "like this")).toThrow(
			"<source..> and <target> are needed: like this",
		);
		expect(() => readOperands({ url: { shown: "<url>" } }, words(["a", "b"]), "like this")).toThrow(
			'"b" is one too many, only <url> is needed: like this',
		);
		expect(() => readOperands({}, words(["a"]), "like this")).toThrow(
			'"a" is one too many, as there are only options: like this',
		);
		const optional = { job: { shown: "[job]", optional: true } } as const;
		expect(() => readOperands(optional, words(["a", "b"]), "like this")).toThrow(
			'"b" is one too many, only [job] may be given: like this',
		);
	});

	it("names what an option makes of a word, and not what it takes the place of", () => {
		const table = {
			source: { shown: "<source..>", many: true, orOptions: ["resume"] },
			url: { shown: "<s3-url>", shownWith: { resume: "<plan>" } },
		} as const;
		expect(() => readOperands(table, words([]), "like this", ["resume"])).toThrow(
			"<plan> is needed: like this",
		);
		expect(() => readOperands(table, words([]), "like this")).toThrow(
			"<source..> and <s3-url> are needed: like this",
		);
	});
});

describe("usageOf", () => {
	it("shows operands in their order", () => {
		expect(usageOf(SOURCES_AND_TARGET)).toBe("<source..> <target>");
	});
});
