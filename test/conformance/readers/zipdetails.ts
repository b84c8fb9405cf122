import { runProgram } from "../run-program.ts";
import { complaints } from "./listing.ts";
import type { Reader } from "./reader.ts";

/** Perl's dissection of an archive, byte for byte. It marks what it does not like. */
export const zipdetails: Reader = {
	name: "zipdetails",
	maxEntries: 10_000, // its time grows with the square of their number
	async version() {
		const { found, stdout } = await runProgram("zipdetails", ["--version"]);
		return found ? `zipdetails ${stdout.toString().trim()}` : undefined;
	},
	async check(archive, { timeZone, timeoutMs }) {
		const result = await runProgram("zipdetails", [archive], { env: { TZ: timeZone }, timeoutMs });
		const said = `${result.stdout.toString("latin1")}\n${result.stderr}`.split("\n");
		return {
			problems: [...complaints(result), ...said.filter((line) => /^#? ?(error|warning)\b/i.test(line))],
		};
	},
};
