import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Compiles the program beside this file against the package, as it is built. */
function compile(typescript: string, lib: string): Promise<string> {
	const settings = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--skipLibCheck"];
	const modules = ["--module", "nodenext", "--target", "es2022", "--lib", lib, "--types", "node"];
	const tsc = `${PROJECT}node_modules/${typescript}/bin/tsc`;
	const args = [tsc, "--ignoreConfig", ...settings, ...modules, "test/types/consumer.ts"];
	if (typescript !== "typescript") args.splice(1, 1); // files on the command line are enough for it
	return new Promise((resolve) => {
		execFile(process.execPath, args, { cwd: PROJECT }, (_error, stdout, stderr) =>
			resolve(`${stdout}${stderr}`),
		);
	});
}

describe("a program that uses the types of the package", () => {
	it.each([
		["typescript", "es2023"],
		["typescript", "es2023,dom"],
		["typescript", "es2023,dom,dom.iterable,dom.asynciterable"],
		["typescript-5.5", "es2023"],
		["typescript-5.5", "es2023,dom"],
		["typescript-5.5", "es2023,dom,dom.iterable,dom.asynciterable"],
	])("compiles with %s and %s", { timeout: 300_000 }, async (typescript, lib) => {
		expect(await compile(typescript, lib)).toBe("");
	});
});

/** Names that the package exports. */
async function exportedNames(): Promise<string[]> {
	const text = await readFile(`${PROJECT}src/index.ts`, "utf8");
	const lists = [...text.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = ""]) => list.split(","));
	return lists.map((name) => name.replace(/\btype\b/, "").trim()).filter((name) => name !== "");
}

it("no name hides one that browsers have: an import that is forgotten must not go unseen", async () => {
	const dom = await readFile(`${PROJECT}node_modules/typescript-5.5/lib/lib.dom.d.ts`, "utf8");
	const globals = new Set(
		[...dom.matchAll(/^(?:interface|type|declare (?:var|function)) (\w+)/gm)].map(([, name]) => name),
	);
	const names = await exportedNames();
	expect(globals).toContain("EventListener");
	expect(names).toContain("uploadZip");
	expect(names.filter((name) => globals.has(name))).toEqual([]);
});
