import { runProgram } from "../run-program.ts";
import { complaints } from "./listing.ts";
import type { Conditions, Reader } from "./reader.ts";

/**
 * `7z t`, then `7z x`. A warning is a problem too: the program ends with 0 for some. It leaves setuid, setgid
 * and sticky bits out.
 */
export const sevenZip: Reader = {
	name: "7z",
	restores: {
		modes: { file: 0o777, directory: 0o777, symlink: 0o777 },
		mtimes: { file: "extended", directory: "extended" },
		symlinks: true,
	},
	async version() {
		const { found, stdout } = await runProgram("7z", ["i"]);
		return found ? /7-Zip .*?(\d+\.\d+)/.exec(stdout.toString())?.[0] : undefined;
	},
	check: (archive, conditions) => run(["t", "-bd", "-y", "--", archive], conditions),
	extract: (archive, directory, conditions) =>
		run(["x", "-bd", "-y", `-o${directory}`, "--", archive], conditions),
};

async function run(args: readonly string[], { timeZone, timeoutMs }: Conditions) {
	const result = await runProgram("7z", args, { env: { TZ: timeZone }, timeoutMs });
	const said = `${result.stdout}\n${result.stderr}`.split("\n");
	const warnings = said.filter((line) => /^(warnings?|errors?|headers error|.*\berror:)/i.test(line.trim()));
	return { problems: [...complaints(result), ...warnings] };
}
