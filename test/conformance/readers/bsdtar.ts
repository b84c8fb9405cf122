import { firstLine, runProgram } from "../run-program.ts";
import { complaints } from "./listing.ts";
import type { Conditions, Reader } from "./reader.ts";

/** libarchive with the archive as a file, so that it reads the central directory. */
export const bsdtarFile: Reader = {
	name: "bsdtar, file",
	restores: {
		modes: { file: 0o7777, directory: 0o7777, symlink: 0o777 },
		mtimes: { file: "extended", directory: "extended", symlink: "extended" },
		symlinks: true,
	},
	version: () => firstLine("bsdtar", ["--version"]),
	check: (archive, conditions) => run(["-xOf", archive], conditions),
	extract: (archive, directory, conditions) => run(["-xpPf", archive, "-C", directory], conditions),
};

/**
 * libarchive with the archive from a pipe, so that it has the local headers only: no modes there, and
 * nothing that says what is a link.
 */
export const bsdtarPipe: Reader = {
	name: "bsdtar, pipe",
	restores: { mtimes: { file: "extended", directory: "extended", symlink: "extended" } },
	version: () => firstLine("bsdtar", ["--version"]),
	check: (archive, conditions) => run(["-xOf", "-"], conditions, archive),
	extract: (archive, directory, conditions) => run(["-xpPf", "-", "-C", directory], conditions, archive),
};

async function run(args: readonly string[], { timeZone, timeoutMs }: Conditions, stdin?: string) {
	const env = { TZ: timeZone };
	const result = await runProgram("bsdtar", args, { env, stdin, timeoutMs, discardOutput: true });
	const said = result.stderr.trim();
	return { problems: said === "" ? complaints(result) : said.split("\n").slice(0, 5) };
}
