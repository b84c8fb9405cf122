import { firstLine, runProgram } from "../run-program.ts";
import { complaints } from "./listing.ts";
import type { Conditions, Reader } from "./reader.ts";

/** It restores no times. */
export const busybox: Reader = {
	name: "busybox unzip",
	restores: {
		modes: { file: 0o777, directory: 0o777 },
		symlinks: true,
	},
	version: () => firstLine("busybox", []),
	check: (archive, conditions) => run(["-tq", archive], conditions),
	extract: (archive, directory, conditions) => run(["-oq", archive, "-d", directory], conditions),
};

async function run(args: readonly string[], { timeZone, timeoutMs }: Conditions) {
	const options = { env: { TZ: timeZone }, timeoutMs };
	return { problems: complaints(await runProgram("busybox", ["unzip", ...args], options)) };
}
