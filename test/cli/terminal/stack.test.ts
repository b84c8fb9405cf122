import { describe, expect, it } from "vitest";
import { stackLines } from "../../../src/cli/terminal/stack.ts";

describe("stackLines", () => {
	it("has a line for each error with its calls, and for each cause", () => {
		const error = new Error("outer", { cause: new TypeError("inner", { cause: "a text" }) });
		const heads = [...stackLines(error)].filter((line) => !line.startsWith("    at "));
		expect(heads).toEqual(["  Error: outer", "  caused by TypeError: inner", "  caused by a text"]);
		expect([...stackLines(error)].filter((line) => line.startsWith("    at ")).length).toBeGreaterThan(2);
	});

	it("lets no message or name begin a line of its own", () => {
		const error = new Error("no\nzipferry: done\n    at nowhere\nzipferry: really");
		error.name = "zipferry";
		const lines = [...stackLines(error)];
		expect(lines.filter((line) => !/^ {2}/.test(line))).toEqual([]);
		expect(lines.filter((line) => line.includes("really"))).toHaveLength(1);
	});

	it("ends with causes that go in a circle", () => {
		const error = new Error("again");
		error.cause = error;
		expect([...stackLines(error)].filter((line) => line.includes("again"))).toHaveLength(1);
	});

	it("cuts messages that are as long as a book", () => {
		const [line = ""] = stackLines(new Error("x".repeat(1_000_000)));
		expect(line.length).toBeLessThan(5_000);
	});
});
