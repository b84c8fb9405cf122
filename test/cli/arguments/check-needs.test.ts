import { describe, expect, it } from "vitest";
import { checkNeeds } from "../../../src/cli/arguments/check-needs.ts";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import { readValues } from "../../../src/cli/options/read-values.ts";

/** Checks options as they were typed for a command. */
function check(name: string, raw: Readonly<Record<string, unknown>>, typed = Object.keys(raw)): void {
	const options = COMMANDS.find((command) => command.name === name)?.options ?? {};
	checkNeeds(options, typed, readValues(options, raw));
}

describe("an option that does nothing without another one", () => {
	it.each([
		["uploads", { "older-than": "3d" }, "--older-than does nothing without --abort"],
		["uploads", { "older-than": "3d", abort: false }, "--older-than does nothing without --abort"],
		["uploads", { "dry-run": true }, "--dry-run does nothing without --abort"],
		[
			"upload",
			{ level: "9", method: "store" },
			"--level does nothing with --method store, only with --method auto or deflate",
		],
		[
			"upload",
			{ "sse-kms-key-id": "k" },
			"--sse-kms-key-id does nothing without --sse aws:kms or aws:kms:dsse",
		],
		[
			"upload",
			{ "sse-kms-key-id": "k", sse: "AES256" },
			"--sse-kms-key-id does nothing with --sse AES256, only with --sse aws:kms or aws:kms:dsse",
		],
		["upload", { "base-check": "content" }, "--base-check does nothing without --base"],
		["backup", { "verify-sample": "5%" }, "--verify-sample does nothing without --rolling"],
		["doctor", { account: "4f2a9c" }, "--account does nothing without --provider r2"],
	])("is refused: %s %j", (command, raw, message) => {
		expect(() => check(command, raw)).toThrow(message);
	});

	it.each([
		["uploads", { "older-than": "3d", abort: true }],
		["uploads", { "dry-run": false }],
		["upload", { level: "9" }],
		["upload", { level: "9", method: "deflate" }],
		["upload", { method: "store" }],
		["upload", { "sse-kms-key-id": "k", sse: "aws:kms" }],
		["doctor", { account: "4f2a9c", provider: "r2" }],
	])("is taken with it: %s %j", (command, raw) => {
		expect(() => check(command, raw)).not.toThrow();
	});

	it("may be set for all runs", () => {
		expect(() => check("uploads", { "older-than": "3d" }, [])).not.toThrow();
	});
});

it.each(COMMANDS)("what options of $name need is there, and can be so", ({ options }) => {
	for (const { needs } of Object.values(options)) {
		if (needs === undefined) continue;
		const needed = options[needs.option];
		expect(needed, needs.option).toBeDefined();
		if (needs.or !== undefined) expect(options[needs.or], needs.or).toBeDefined();
		if (needed?.kind === "choice")
			expect(needed.choices).toEqual(expect.arrayContaining([...(needs.values ?? [])]));
	}
});
