/**
 * Starts a thread whose script is TypeScript, where the project is run from its sources, as most tests do: the script and what it
 * imports become one module in memory.
 */
import { buildSync } from "esbuild";

const { pathname } = new URL(process.argv.at(-1));
const { outputFiles } = buildSync({
	entryPoints: [pathname],
	bundle: true,
	write: false,
	platform: "node",
	format: "esm",
	target: "node20.19",
	sourcemap: "inline",
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
