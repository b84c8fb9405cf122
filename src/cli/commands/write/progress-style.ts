import type { Values } from "../../options/option.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { ProgressStyle } from "../../terminal/progress/progress.ts";

export function progressStyle(
	{ quiet, verbose = false, "no-progress": silent, "dry-run": dryRun }: Partial<Values<typeof RUN_OPTIONS>>,
	{ stderr }: Io,
	environment: NodeJS.ProcessEnv = process.env,
): ProgressStyle {
	if (quiet === true) return { display: "none", notes: false, entries: false };
	if (dryRun === true) return { display: "none", notes: false, entries: verbose };
	if (silent === true) return { display: "none", notes: verbose, entries: verbose };
	const display = stderr.isTTY && takesCursor(environment) ? "bar" : "lines";
	return { display, notes: true, entries: verbose };
}

/** A line that is drawn again and again is for a person at a terminal that can do that. */
function takesCursor({ TERM = "", NO_COLOR = "", CI = "" }: NodeJS.ProcessEnv): boolean {
	return TERM !== "dumb" && NO_COLOR === "" && (CI === "" || CI === "false");
}
