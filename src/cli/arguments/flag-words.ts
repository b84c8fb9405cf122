import { InvalidOptionError } from "../../errors.ts";
import { describeTime } from "../../options/time-words.ts";
import { describeSize } from "../../storage/parts/part-size.ts";

/** An error about an option of the library, told of the flag or operand that has set it. */
export function inWordsOfFlags(error: unknown): unknown {
	if (!(error instanceof InvalidOptionError) || error.option === undefined) return error;
	const { message, option, value, allowed } = error;
	const given = value === undefined ? undefined : withUnit(option, value);
	const told =
		allowed === undefined || given === undefined || !message.endsWith(`must be ${allowed}, not ${value}`)
			? beginningWithFlag(message, option)
			: `${flagOf(option)} must be ${allowed}, not ${given}`;
	return new InvalidOptionError(told, { option, value, allowed, cause: error });
}

function beginningWithFlag(message: string, option: string): string {
	return message.startsWith(option) ? `${flagOf(option)}${message.slice(option.length)}` : message;
}

/** Flags take times and sizes with their unit. */
function withUnit(option: string, value: string): string {
	const number = Number(value);
	if (Number.isNaN(number)) return value;
	if (option.endsWith("Ms")) return describeTime(number);
	return option.endsWith("Size") ? describeSize(number) : value;
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
