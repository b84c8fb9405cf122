import { readdir, readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { Program, stopPrograms } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { MAIN, zipferry } from "./zipferry.ts";

const temp = useTempDirectory();
afterAll(() => stopPrograms());

const FOLDER = new URL("../../dist/cli/", import.meta.url);

/** The code of a file of the command, and of all that is loaded with it. */
async function loadedWith(file: string, seen = new Map<string, string>()): Promise<string> {
	if (!seen.has(file)) {
		const code = await readFile(new URL(file, FOLDER), "utf8");
		seen.set(file, code);
		for (const [, imported] of code.matchAll(/^(?:(?:import|export)\b[^;]*?from|import) "\.\/([^"]+)";/gm))
			if (imported !== undefined) await loadedWith(imported, seen);
	}
	return [...seen.values()].join("\n");
}

async function fileOfGroup(name: string): Promise<string> {
	const files = await readdir(FOLDER);
	return files.find((file) => file.startsWith(`${name}-`) && file.endsWith(".js")) ?? `there is no ${name}`;
}

describe("the bundle of the command", () => {
	it("leaves the SDK to runs that talk to a bucket", async () => {
		const main = await loadedWith("main.js");
		expect(main).toContain("// src/cli/commands/write/create.ts");
		expect(main).not.toContain("// src/zip/assembler.ts");
		expect(main).not.toContain("// src/archive/write-archive.ts");
		expect(main).not.toContain("node_modules/@aws-sdk/");
		expect(main).not.toContain("node_modules/@smithy/");
		expect(main).not.toContain("// src/cli/terminal/progress/progress.ts");
	});

	it.each([
		["write", "// src/archive/write-archive.ts"],
		["read", "// src/extract/extract-archive.ts"],
		["serve", "// src/serve/"],
	])("leaves the SDK to them, too, of what commands on this machine load later: %s", async (group, own) => {
		const loaded = await loadedWith(await fileOfGroup(group));
		expect(loaded).toContain(own);
		expect(loaded).not.toContain("node_modules/@aws-sdk/");
		expect(loaded).not.toContain("node_modules/@smithy/");
	});

	it("leaves settings, calendars and servers to the commands that need them", async () => {
		const loaded = new Map<string, string>();
		for (const group of ["write", "storage"]) await loadedWith(await fileOfGroup(group), loaded);
		const code = [...loaded.values()].join("\n");
		expect(code).toContain("// src/archive/write-archive.ts");
		for (const rare of [
			"node_modules/yaml/",
			"node_modules/temporal-polyfill/",
			"// src/backup/config/schema/",
			"// src/serve/server/",
		])
			expect.soft(code).not.toContain(rare);
	});

	it("leaves to few commands what few need", async () => {
		for (const group of ["write", "read"])
			expect(await loadedWith(await fileOfGroup(group))).not.toMatch(
				/\/\/ (src\/serve\/|node_modules\/(yaml|temporal-polyfill|mime)\/)/,
			);
		expect(await loadedWith(await fileOfGroup("read"))).not.toContain("// src/archive/write-archive.ts");
	});

	it.each(["write", "read"])("opens few files for what most runs do: %s", async (group) => {
		const loaded = new Map<string, string>();
		await loadedWith("main.js", loaded);
		await loadedWith(await fileOfGroup("parser"), loaded);
		await loadedWith(await fileOfGroup(group), loaded);
		expect(loaded.size).toBeLessThan(30);
	});

	it("leaves the parser to commands, and the help, completion and manual to who asks for them", async () => {
		const main = await loadedWith("main.js");
		expect(main).not.toContain("node_modules/yargs");
		expect(await loadedWith(await fileOfGroup("parser"))).not.toMatch(
			/node_modules\/(.*\/)?(cliui|string-width|emoji-regex)\//,
		);
		expect(main).not.toMatch(/\/\/ src\/cli\/(help|completion\/(?!shells)|manual)/);
	});

	it("leaves to few uploads what few need", async () => {
		const upload = await loadedWith(await fileOfGroup("storage"));
		expect(upload).toContain("// src/upload/upload-zip.ts");
		expect(upload).toContain("node_modules/@aws-sdk/client-s3/");
		expect(upload).not.toContain("node_modules/@aws-sdk/lib-storage/");
		expect(upload).not.toContain("node_modules/@aws-sdk/credential-provider-sso/");
	});

	it.skipIf(process.platform !== "linux")("draws its bar on a terminal", async () => {
		await temp.write({ source: "content" });
		const words = [process.execPath, MAIN, "create", "source", "o.zip"].map((word) => `"${word}"`);
		const program = new Program("script", ["-qec", words.join(" "), "/dev/null"], {
			env: { TERM: "xterm" },
			cwd: temp.path(),
		});
		const { exitCode, stdout } = await program.ended;
		expect({ exitCode, stdout }).toMatchObject({
			exitCode: 0,
			stdout: expect.stringContaining("o.zip: 1 entry"),
		});
		expect(stdout).toMatch(/\d% .* left/);
	});

	it("loads nothing into its threads but what they do", async () => {
		for (const worker of ["hash-worker.js", "deflate-worker.js"])
			expect(await loadedWith(worker)).not.toMatch(
				/node_modules|\/\/ src\/(?!bytes\/|zip\/blocks\/deflate-|async\/answer-requests)/,
			);
		// It writes records as the main thread does, and knows no options, no walk and no storage.
		const ofARun = await loadedWith("run-worker.js");
		expect(ofARun).toContain("// src/zip/runs/make-run.ts");
		expect(ofARun).not.toMatch(
			/node_modules|\/\/ src\/(options|archive|reader|s3|storage|sources\/files\/[hlpw])/,
		);
	});

	it("brings the licences of what is in it", async () => {
		const licences = await readFile(new URL("THIRD-PARTY-LICENSES.txt", FOLDER), "utf8");
		for (const line of [/^yargs \S+ \(MIT\)$/m, /^@aws-sdk\/client-s3 \S+ \(Apache-2.0\)$/m])
			expect(licences).toMatch(line);
		expect(licences).toContain("Permission is hereby granted, free of charge");
		expect(licences).toContain("Apache License");
	});

	it("speaks one language, whatever the user's is", async () => {
		const env = { LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8" };
		const { stderr } = await zipferry(["uplod", "src"], { env, cwd: "." });
		expect(stderr).toBe('zipferry: there is no command "uplod"; did you mean upload?\n');
	});
});
