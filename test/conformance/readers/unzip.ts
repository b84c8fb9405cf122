import { firstLine, runProgram } from "../run-program.ts";
import { complaints } from "./listing.ts";
import type { Conditions, Reader } from "./reader.ts";

/** Info-ZIP: `unzip -t`, then `unzip` into a directory. `-K` keeps setuid, setgid and sticky bits. */
export const unzip: Reader = {
	name: "unzip",
	restores: {
		modes: { file: 0o7777, directory: 0o7777, symlink: 0o777 },
		mtimes: { file: "extended", directory: "extended" },
		symlinks: true,
	},
	version: () => firstLine("unzip", ["-v"]),
	check: (archive, conditions) => run(["-tqq", archive], conditions),
	extract: (archive, directory, conditions) => run(["-qq", "-K", archive, "-d", directory], conditions),
};

async function run(args: readonly string[], { timeZone, timeoutMs }: Conditions) {
	return { problems: complaints(await runProgram("unzip", args, { env: { TZ: timeZone }, timeoutMs })) };
}
