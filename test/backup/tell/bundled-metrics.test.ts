import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { useTempDirectory } from "../../support/temp-directory.ts";

const METRICS = fileURLToPath(new URL("../../../src/backup/tell/metrics.ts", import.meta.url));
const directory = useTempDirectory();

it("metrics are written by the bundled command, where CommonJS modules have a default only", async () => {
	await directory.write({
		"run.ts": `import { writeMetrics } from ${JSON.stringify(METRICS)};
			await writeMetrics(process.argv[2] ?? "", { backup_job: "a", host: "h" }, { entries: 7 });`,
	});
	const require = 'import { createRequire as of } from "node:module"; const require = of(import.meta.url);';
	await build({
		...{ platform: "node", format: "esm", bundle: true, splitting: true, target: "node20.19" },
		...{ mainFields: ["module", "main"], outExtension: { ".js": ".mjs" }, banner: { js: require } },
		entryPoints: [directory.path("run.ts")],
		outdir: directory.path("dist"),
	});
	await promisify(execFile)(process.execPath, [directory.path("dist/run.mjs"), directory.path("a.prom")]);
	expect(await directory.read("a.prom")).toContain('zipferry_backup_entries{backup_job="a",host="h"} 7\n');
});
