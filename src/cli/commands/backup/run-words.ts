import type { RunWords } from "../../../backup/run/run-state.ts";
import { errorToJson } from "../../error-to-json.ts";
import { CONFIG_WORDS } from "../../terminal/command-words.ts";
import { exitCodeOfRun } from "../../terminal/report.ts";
import { asInterrupted } from "../../terminal/signals.ts";

/** The outcome of runs in flags, commands and exit codes. */
export const RUN_WORDS: RunWords = {
	describeError: (error) => errorToJson(asInterrupted(error)),
	exitCodeOf: exitCodeOfRun,
};

/** The same for jobs of a config: what would be a flag is a setting. */
export const JOB_WORDS: RunWords = {
	describeError: (error) => errorToJson(asInterrupted(error), CONFIG_WORDS),
	exitCodeOf: exitCodeOfRun,
};
