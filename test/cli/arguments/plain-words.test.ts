import { describe, expect, it } from "vitest";
import { negationOf, plainWords } from "../../../src/cli/arguments/plain-words.ts";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import { table } from "../../../src/cli/options/option.ts";

const OPTIONS = table({
	"path-style": { group: "Storage", kind: "flag", describe: "" },
	"no-clobber": { group: "Storage", kind: "flag", describe: "" },
	region: { group: "Storage", kind: "text", describe: "" },
});

describe("plainWords", () => {
	it.each([
		["--no-path-style", "--path-style=false"],
		["--clobber", "--no-clobber=false"],
		["--no-clobber", "--no-clobber"],
		["--no-region", "--no-region"],
		["--no-constructor", "--no-constructor"],
		["-no-path-style", "-no-path-style"],
	])("has for %s: %s", (word, plain) => {
		expect(plainWords(["a", word, "b"], OPTIONS)).toEqual(["a", plain, "b"]);
	});

	it("keeps what is behind --", () => {
		expect(plainWords(["--", "--no-path-style"], OPTIONS)).toEqual(["--", "--no-path-style"]);
	});

	it("gives an option the dash that follows it as its value", () => {
		expect(plainWords(["--region", "-", "-"], OPTIONS)).toEqual(["--region=-", "-"]);
		expect(plainWords(["--path-style", "-"], OPTIONS)).toEqual(["--path-style", "-"]);
		expect(plainWords(["--region=x", "-"], OPTIONS)).toEqual(["--region=x", "-"]);
	});

	it.each(["--no-path-style=true", "--clobber=false", "--no-path-style="])("refuses %s", (word) => {
		expect(() => plainWords([word], OPTIONS)).toThrow(/^--(no-path-style|clobber) takes no value$/);
	});
});

it.each(COMMANDS)("no opposite of a flag of $name is the name of another option", ({ options }) => {
	const flags = Object.keys(options).filter((name) => options[name]?.kind === "flag");
	expect(flags.map(negationOf).filter((name) => Object.hasOwn(options, name))).toEqual([]);
});
