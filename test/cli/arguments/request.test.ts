import { describe, expect, it } from "vitest";
import { readRequest } from "../../../src/cli/arguments/request.ts";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";

/** The request with the name of its command. */
function request(...args: readonly string[]) {
	const found = readRequest(args, COMMANDS);
	return "command" in found ? { ...found, command: found.command?.name } : found;
}

describe("readRequest", () => {
	it.each<[string[], string[]]>([
		[
			["upload", "a", "-q"],
			["a", "-q"],
		],
		[
			["-q", "upload", "a"],
			["-q", "a"],
		],
		[
			["--quiet", "--level", "1", "upload", "upload"],
			["--quiet", "--level", "1", "upload"],
		],
		[["--level=1", "upload"], ["--level=1"]],
		[
			["upload", "--", "--help"],
			["--", "--help"],
		],
		[["upload", "-exclude-with-h"], ["-exclude-with-h"]],
	])("finds the command, and its words, in %j", (args, words) => {
		expect(request(...args)).toEqual({ kind: "run", command: "upload", words });
	});

	it.each<[string[], string | undefined, boolean]>([
		[["--help"], undefined, true],
		[["-h"], undefined, false],
		[["upload", "-h"], "upload", false],
		[["upload", "-qh", "x"], "upload", false],
		[["upload", "-help"], "upload", true],
		[["-h", "upload", "--help"], "upload", true],
		[["--region", "create", "upload", "--help"], "upload", true],
	])("finds who asks for help in %j", (args, command, full) => {
		expect(request(...args)).toEqual({ kind: "help", command, full });
	});

	it("finds commands of two words, wherever options stand", () => {
		const words = ["--quiet", "--region", "shards", "--json", "plan.json"];
		const args = ["--quiet", "--region", "shards", "shards", "--json", "finish", "plan.json"];
		expect(request(...args)).toEqual({ kind: "run", command: "shards finish", words });
		expect(request("shards", "finish", "-h")).toEqual({
			kind: "help",
			command: "shards finish",
			full: false,
		});
	});

	it.each([[["shards"]], [["shards", "--help"]], [["-h", "shards"]]])(
		"finds who asks for all of them in %j",
		(args) => {
			expect(readRequest(args, COMMANDS)).toMatchObject({
				kind: "family",
				family: { name: "shards", commands: COMMANDS.filter(({ name }) => name.startsWith("shards ")) },
			});
		},
	);

	it("finds who asks for the version", () => {
		expect(request("--version")).toEqual({ kind: "version" });
		expect(request("upload", "a", "--version")).toEqual({ kind: "version" });
	});

	it.each([
		[[], /^say what to do, such as zipferry upload /],
		[["--quiet"], /^say what to do, such as /],
		[["shards", "finsh", "plan.json"], /^there is no command "shards finsh"; did you mean shards finish\?$/],
		[["finish", "plan.json"], /^there is no command "finish"; did you mean shards finish\?$/],
		[["shard", "finish"], /^there is no command "shard"; did you mean shards\?$/],
		[["uplod"], /^there is no command "uplod"; did you mean upload\?$/],
		[["uplod", "--help"], /^there is no command "uplod"; did you mean upload\?$/],
		[["nothing-like-it"], /^there is no command "nothing-like-it"; zipferry --help shows all$/],
		[["toString"], /^there is no command "toString"; /],
	])("refuses %j", (args, message) => {
		expect(() => request(...args)).toThrow(message);
	});
});
