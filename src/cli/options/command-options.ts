import { table } from "./option.ts";

/** Flag that makes the words behind `--` a command. */
export const COMMAND_FLAG = "stdin-from-command";

/** A command as a source. */
export const COMMAND_OPTIONS = table({
	[COMMAND_FLAG]: {
		group: "Sources",
		kind: "flag",
		describe:
			"Run the command behind --, and archive what it writes; if it fails or writes nothing, nothing is published (exit code 4)",
	},
	"stdin-filename": {
		group: "Sources",
		kind: "text",
		value: "NAME",
		needs: { option: COMMAND_FLAG },
		describe: "Name of the output of the command in the archive; default: stdin",
	},
});

/** The words behind `--`. */
export const COMMAND_OPERAND = { shown: "[-- command..]", behind: COMMAND_FLAG } as const;
