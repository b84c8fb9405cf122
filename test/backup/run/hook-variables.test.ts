import { expect, it } from "vitest";
import { HOOK_VARIABLES } from "../../../src/backup/run/hook-environment.ts";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import { strangeVariables, variableOf } from "../../../src/cli/environment/variables.ts";

it("variables of hooks are of no option, and a hook that runs the program gets no warning of them", () => {
	const tables = COMMANDS.map(({ options }) => options);
	const ofOptions = new Set(tables.flatMap((options) => Object.keys(options).map(variableOf)));
	for (const name of HOOK_VARIABLES) expect(ofOptions.has(name), name).toBe(false);
	const env = Object.fromEntries(HOOK_VARIABLES.map((name) => [name, "x"]));
	expect(strangeVariables(env, tables)).toEqual([]);
});
