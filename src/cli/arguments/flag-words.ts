import { InvalidOptionError, OptionValueError } from "../../errors.ts";

/** An error about an option of the library, told of the flag that has set it. */
export function inWordsOfFlags(error: unknown): unknown {
	if (!(error instanceof OptionValueError)) return error;
	return new InvalidOptionError(`${flagOf(error.option)} ${error.rule}`, { cause: error });
}

/** Flags are called as the options are, but for the unit, as they come with one: `readTimeoutMs`, `--read-timeout`. */
function flagOf(option: string): string {
	if (option === "bandwidthLimit") return "--bwlimit"; // as rclone has it
	const words = option.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
	return `--${words}`;
}
