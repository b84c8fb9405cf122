import { fileURLToPath } from "node:url";
import { firstLine, runProgram } from "../run-program.ts";
import { complaints, parseListing } from "./listing.ts";
import type { Conditions, Reader } from "./reader.ts";

const SCRIPT = fileURLToPath(new URL("read.py", import.meta.url));

/** Python's `zipfile`: it has no notion of links and of time zones, and extracts without modes and times. */
export const python: Reader = {
	name: "Python zipfile",
	tells: {
		modes: { file: 0o7777, directory: 0o7777, symlink: 0o7777 },
		mtimes: { file: "dos", directory: "dos", symlink: "dos" },
		comments: true,
	},
	restores: {},
	version: () => firstLine("python3", ["--version"]),
	async check(archive, conditions) {
		return parseListing(await run([archive, conditions.hashing ? "hash" : "read"], conditions));
	},
	async extract(archive, directory, conditions) {
		return { problems: complaints(await run([archive, "extract", directory], conditions)) };
	},
};

function run(args: readonly string[], { timeZone, timeoutMs }: Conditions) {
	return runProgram("python3", [SCRIPT, ...args], { env: { TZ: timeZone }, timeoutMs });
}
