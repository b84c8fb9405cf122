import { fileURLToPath } from "node:url";
import { runProgram } from "../run-program.ts";
import { parseListing } from "./listing.ts";
import { ALL_MODES, type Reader } from "./reader.ts";

const SCRIPT = fileURLToPath(new URL("read.php", import.meta.url));
const VERSION = 'echo "libzip ", ZipArchive::LIBZIP_VERSION, ", PHP ", PHP_VERSION;';

/** libzip by way of PHP, with its consistency checks. */
export const php: Reader = {
	name: "PHP ZipArchive",
	tells: {
		modes: ALL_MODES,
		mtimes: { file: "dos", directory: "dos", symlink: "dos" },
		symlinks: true,
		comments: true,
	},
	async version() {
		const { exitCode, stdout } = await runProgram("php", ["-r", VERSION]);
		return exitCode === 0 ? stdout.toString().trim() : undefined;
	},
	async check(archive, { timeZone, hashing, timeoutMs }) {
		const args = [SCRIPT, archive, hashing ? "hash" : "read"];
		return parseListing(await runProgram("php", args, { env: { TZ: timeZone }, timeoutMs }));
	},
};
