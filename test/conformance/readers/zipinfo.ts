import { firstLine, runProgram } from "../run-program.ts";
import { complaints } from "./listing.ts";
import type { Reader } from "./reader.ts";

/** Info-ZIP's view of every field; what is wrong goes to stderr or is said in the text. */
export const zipinfo: Reader = {
	name: "zipinfo -v",
	maxEntries: 100_000, // kilobytes of text each
	version: () => firstLine("zipinfo", ["-h"]),
	async check(archive, { timeZone, timeoutMs }) {
		const result = await runProgram("zipinfo", ["-v", archive], { env: { TZ: timeZone }, timeoutMs });
		const said = `${result.stderr}\n${result.stdout.toString("latin1")}`;
		const warnings = said.split("\n").filter((line) => /\b(warning|error|caution)\b/i.test(line));
		return { problems: [...complaints(result), ...warnings] };
	},
};
