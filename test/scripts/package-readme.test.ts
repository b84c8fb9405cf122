import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { useTempDirectory } from "../support/temp-directory.ts";

const SCRIPT = fileURLToPath(new URL("../../scripts/package-readme.mjs", import.meta.url));
const README = `# It

![a picture](docs/a.svg) [page](docs/a.md#part) [folder](docs/) [file](CHANGELOG.md)
[not packed](bench/README.md) [web](https://example.com/) [heading](#it)
`;

const directory = useTempDirectory();
beforeEach(async () => {
	const manifest = { name: "it", version: "1.2.3", files: ["docs", "CHANGELOG.md"] };
	await directory.write({ "package.json": JSON.stringify(manifest), "README.md": README });
});

async function run(what: "write" | "restore"): Promise<string> {
	await promisify(execFile)(process.execPath, [SCRIPT, what], { cwd: directory.path() });
	return readFile(directory.path("README.md"), "utf8");
}

describe("the README of the package", () => {
	it("links to the files of the package on the web, and to nothing else of the repository", async () => {
		expect(await run("write")).toBe(`# It

![a picture](https://unpkg.com/it@1.2.3/docs/a.svg) [page](https://unpkg.com/it@1.2.3/docs/a.md#part) folder [file](https://unpkg.com/it@1.2.3/CHANGELOG.md)
not packed [web](https://example.com/) [heading](#it)
`);
	});

	it("is as it was after packing, also if packing was interrupted before", async () => {
		await run("write");
		const again = await run("write");
		expect(again).toContain("https://unpkg.com/it@1.2.3/docs/a.svg");
		expect(await run("restore")).toBe(README);
		expect(await run("restore")).toBe(README);
	});
});
