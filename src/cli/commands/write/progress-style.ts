import type { Values } from "../../options/option.ts";
import type { RUN_OPTIONS } from "../../options/output-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { ProgressStyle } from "../../terminal/progress.ts";

export function progressStyle(
	{ quiet, "no-progress": silent, "dry-run": dryRun, debug }: Values<typeof RUN_OPTIONS>,
	{ stderr }: Io,
): ProgressStyle {
	if (quiet === true || silent === true || dryRun === true) return "none";
	// A line for each request would go through the bar.
	return stderr.isTTY && debug !== true ? "bar" : "lines";
}
