import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import { redact } from "../../../src/secrets/redact.ts";

describe("the records of commands", () => {
	it("have names of their own", () => {
		expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
	});

	it.each(COMMANDS)("of $name have examples of it", ({ name, examples, options }) => {
		for (const [line] of examples) {
			expect(line).toMatch(new RegExp(`\\bzipferry ${name}\\b`));
			for (const [, flag = ""] of line.matchAll(/ --([a-z-]+)/g)) expect(options).toHaveProperty(flag);
		}
	});

	it.each(COMMANDS)(
		"of $name have at most ten options that come first, where there are many",
		({ common, options }) => {
			for (const name of common ?? []) expect(options).toHaveProperty(name);
			expect(new Set(common).size).toBe(common?.length ?? 0);
			expect(common?.length ?? 0).toBeLessThanOrEqual(10);
			if (Object.keys(options).length > 10) expect(common?.length).toBeGreaterThan(2);
		},
	);

	it.each(COMMANDS)("of $name have options that say what they do when they are read alone", ({ options }) => {
		for (const { describe: text } of Object.values(options)) {
			expect(text).not.toMatch(/^The same\b|\bhere and below\b|\b(of|than) that\b/);
			expect(redact(text)).toBe(text); // an example that looks like a secret is shown to nobody
		}
	});

	it.each(COMMANDS)("of $name give every letter to one option", ({ options }) => {
		const letters = Object.values(options).flatMap(({ alias }) => alias ?? []);
		expect(new Set([...letters, "h"]).size).toBe(letters.length + 1);
	});
});
