import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { firstLine, runProgram } from "../run-program.ts";
import { complaints, parseListing } from "./listing.ts";
import { ALL_MODES, type Reader } from "./reader.ts";

const SOURCE = fileURLToPath(new URL("read.go", import.meta.url));
let program = "";

export const go: Reader = {
	name: "Go archive/zip",
	tells: {
		modes: ALL_MODES,
		mtimes: { file: "extended", directory: "extended", symlink: "extended" },
		symlinks: true,
		comments: true,
	},
	version: () => firstLine("go", ["version"]),
	async prepare(directory) {
		program = join(directory, "read");
		const built = await runProgram("go", ["build", "-o", program, SOURCE], {
			cwd: directory,
			env: { GO111MODULE: "off" },
			timeoutMs: 300_000,
		});
		const [problem] = complaints(built);
		if (problem !== undefined) throw new Error(`go build: ${problem}`);
	},
	async check(archive, { timeZone, hashing, timeoutMs }) {
		const args = [archive, hashing ? "hash" : "read"];
		return parseListing(await runProgram(program, args, { env: { TZ: timeZone }, timeoutMs }));
	},
};
