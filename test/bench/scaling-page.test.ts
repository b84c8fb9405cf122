import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../bench/workers/predict.mjs", import.meta.url));
const PAGE = new URL("../../docs/scaling.md", import.meta.url);

it("docs/scaling.md has the table that the model makes", async () => {
	const made = execFileSync(process.execPath, [PROGRAM, "--markdown"], { encoding: "utf8" });
	const [, table] = /<!-- made by [^>]+ -->\n(.*?)<!-- end/s.exec(await readFile(PAGE, "utf8")) ?? [];
	expect(table).toBe(made);
});
