import { InvalidOptionError } from "../../errors.ts";
import { describeTime } from "../../options/time-words.ts";

/** An error about an option of the library, told of the flag or operand that has set it. */
export function inWordsOfFlags(error: unknown): unknown {
	if (!(error instanceof InvalidOptionError) || error.option === undefined) return error;
	const { message, option, value, allowed } = error;
	const given = option.endsWith("Ms") && value !== undefined ? inTimeWords(value) : value;
	const told =
		allowed === undefined || given === undefined || !message.endsWith(`must be ${allowed}, not ${value}`)
			? message.replace(option, flagOf(option))
			: `${flagOf(option)} must be ${allowed}, not ${given}`;
	return new InvalidOptionError(told, { option, value, allowed, cause: error });
}

/** Flags take a time with its unit. */
function inTimeWords(value: string): string {
	const milliseconds = Number(value);
	return Number.isNaN(milliseconds) ? value : describeTime(milliseconds);
}

const OTHER_WORDS: Readonly<Record<string, string>> = {
	bandwidthLimit: "--bwlimit", // as rclone has it
	endpoint: "--endpoint-url",
	bucket: "the bucket",
	key: "the key",
	prefix: "the key",
};

/** Flags are called as the options are, but for the unit, as they come with one: `readTimeoutMs`, `--read-timeout`. */
function flagOf(option: string): string {
	const [, name = "", rest = ""] = /^([^.[]*)(.*)$/s.exec(option) ?? [];
	if (name === "sources") return "a source";
	const words = name.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
	const flag = OTHER_WORDS[name] ?? `--${words}`;
	return rest.startsWith(".") ? `${flag} ${rest.slice(1)}` : flag;
}
