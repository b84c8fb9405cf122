import { readFile } from "node:fs/promises";
import { transform } from "esbuild";
import { beforeEach, describe, expect, it } from "vitest";
import { Program } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, MAIN } from "./zipferry.ts";

const directory = useTempDirectory();
beforeEach(() =>
	directory.write({
		"version.cjs": 'Object.defineProperty(process.versions, "node", { value: process.env.VERSION })',
	}),
);

/** Runs the command on a Node.js that says that it is of this version. */
function runOn(version: string, ...args: readonly string[]) {
	const words = ["--require", directory.path("version.cjs"), MAIN, ...args];
	return new Program(process.execPath, words, { env: { VERSION: version } }).ended;
}

describe("the version of Node.js", () => {
	it.each(["12.22.12", "18.20.8", "20.18.3", "21.7.3", "22.0.0", "22.11.0"])(
		"%s is refused in a line that says which one is needed",
		async (version) => {
			const outcome = await runOn(version, "--version");
			expect(outcome).toMatchObject({ exitCode: 2, stdout: "" });
			expect(errorLine(outcome)).toBe(
				`needs Node.js 20.19+, 22.12+ or 24+; this is ${version} (${process.execPath})`,
			);
		},
	);

	it.each(["20.19.0", "22.12.0", "24.0.0", "26.1.0"])("%s is taken", async (version) => {
		expect(await runOn(version, "--version")).toMatchObject({ exitCode: 0, stderr: "" });
	});

	it("is the one that the package asks for", async () => {
		const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
		expect(JSON.parse(text).engines).toEqual({ node: "^20.19.0 || ^22.12.0 || >=24" });
	});

	it("is looked at by code that Node 12 can read", async () => {
		const code = await readFile(MAIN, "utf8");
		const { code: lowered } = await transform(code, { target: "node12.20" });
		const asItIs = await transform(code, { target: "esnext" });
		expect(lowered).toBe(asItIs.code);
		// Which have no modules under "node:" names.
		expect(code.indexOf('require("node:')).toBeGreaterThan(code.indexOf("if (suffices)"));
	});
});
