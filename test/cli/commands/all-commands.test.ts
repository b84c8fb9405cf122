import { describe, expect, it } from "vitest";
import { describeProgram } from "../../../src/cli/arguments/describe-program.ts";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import type { Command } from "../../../src/cli/commands/command.ts";
import { usageOf } from "../../../src/cli/commands/operands.ts";

describe("the records of commands", () => {
	it("have names of their own", () => {
		expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
	});

	it.each(COMMANDS)("of $name have examples of it", ({ name, examples, options }) => {
		for (const [line] of examples) {
			expect(line).toMatch(new RegExp(`^zipferry ${name} `));
			for (const [, flag = ""] of line.matchAll(/ --([a-z-]+)/g)) expect(options).toHaveProperty(flag);
		}
	});

	it.each(COMMANDS)("of $name give every letter to one option", ({ options }) => {
		const letters = Object.values(options).flatMap(({ alias }) => alias ?? []);
		expect(new Set([...letters, "h"]).size).toBe(letters.length + 1);
	});
});

describe("the help of the program", () => {
	it("fits a terminal of 80 columns", () => {
		for (const line of describeProgram(COMMANDS).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
	});

	it("has every command in its group, and no group that is empty", () => {
		const [first, ...rest] = COMMANDS;
		if (first === undefined) throw new Error("there are commands");
		const moved: Command = { ...first, group: "workers" };
		const lines = describeProgram([moved, ...rest]).split("\n");
		for (const { name, operands } of COMMANDS)
			expect(lines.filter((line) => line.startsWith(`  ${name} ${usageOf(operands)}  `))).toHaveLength(1);
		expect(lines.indexOf("Share the work:")).toBeGreaterThan(lines.indexOf("Maintain a bucket:"));
		expect(lines).not.toContain("Run backups:");
	});
});
