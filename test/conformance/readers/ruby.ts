import { fileURLToPath } from "node:url";
import { runProgram } from "../run-program.ts";
import { parseListing } from "./listing.ts";
import { ALL_MODES, type Reader } from "./reader.ts";

const SCRIPT = fileURLToPath(new URL("read.rb", import.meta.url));
const VERSION = 'require "zip"; require "zip/version"; puts "rubyzip #{Zip::VERSION}, Ruby #{RUBY_VERSION}"';

export const ruby: Reader = {
	name: "rubyzip",
	slow: true,
	maxEntries: 100_000, // a quarter of an hour for a million
	tells: {
		modes: ALL_MODES,
		mtimes: { file: "extended", directory: "extended", symlink: "extended" },
		symlinks: true,
		comments: true,
	},
	async version() {
		const { exitCode, stdout } = await runProgram("ruby", ["-e", VERSION]);
		return exitCode === 0 ? stdout.toString().trim() : undefined;
	},
	async check(archive, { timeZone, hashing, timeoutMs }) {
		const args = [SCRIPT, archive, hashing ? "hash" : "read"];
		return parseListing(await runProgram("ruby", args, { env: { TZ: timeZone }, timeoutMs }));
	},
};
