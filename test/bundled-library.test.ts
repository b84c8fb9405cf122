import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { Program } from "./support/program.ts";
import { useTempDirectory } from "./support/temp-directory.ts";

const temp = useTempDirectory();

const LIBRARY = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** Makes two archives: one without threads, and one of so much data that a thread hashes it. */
const PROGRAM = `
import { createZip } from ${JSON.stringify(LIBRARY)};
const say = ({ entryCount }) => console.log("entries: " + entryCount);
createZip([{ name: "a.txt", content: "a" }], "one.zip").then(say)
	.then(() => createZip([{ name: "large", content: new Uint8Array(20_000_000) }], "large.zip", { method: "store" }))
	.then(say, (error) => console.log(error.message));
`;

test.each(["cjs", "esm"] as const)(
	"a program in one file with the library (%s) is told what its threads miss",
	{
		tags: "slow",
	},
	async (format) => {
		const file = temp.path(format === "cjs" ? "bundle.cjs" : "bundle.mjs");
		await build({
			stdin: { contents: PROGRAM, resolveDir: temp.path() },
			...{ outfile: file, bundle: true, platform: "node", format, logLevel: "silent" },
			// As other packages need it that are CommonJS.
			...(format === "esm" && {
				banner: {
					js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
				},
			}),
		});
		const { stdout, stderr } = await new Program(process.execPath, [file], { env: {}, cwd: temp.path() })
			.ended;
		expect(stderr).toBe("");
		expect(stdout).toMatch(/^entries: 1\nhash-worker\.js is missing, .*leave zipferry out of bundles.*\n$/);
	},
);
