import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import { flagOf } from "../../../src/cli/options/flag-of.ts";

describe("flagOf", () => {
	it.each(COMMANDS.filter(({ options }) => "endpoint-url" in options))(
		"knows the flag of every option of the library that $name sets",
		({ options }) => {
			const settings = Object.entries(options).filter(([, { sets }]) => sets !== undefined);
			expect(settings.length).toBeGreaterThan(5);
			for (const [name, { sets = "" }] of settings) expect(flagOf(sets)).toBe(`--${name}`);
		},
	);

	it("knows the flags of the storage that sources are in", () => {
		expect(flagOf("sourceStorage.endpoint")).toBe("--source-endpoint-url");
		expect(flagOf("sourceStorage.pathStyle")).toBe("--source-path-style");
		expect(flagOf("sourceStorage.caFile")).toBe("--source-ca-file");
	});

	it("leaves the name of an option that no flag sets", () => {
		expect(flagOf("client")).toBe("client");
	});
});
