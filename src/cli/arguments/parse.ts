import { fstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { abortable } from "../../async/abortable.ts";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import { parseIsoTime } from "../../options/iso-time.ts";
import { shownValue } from "../../options/shown-value.ts";
import { END_OF_ZIP_TIME_MS, FIRST_ZIP_TIME_MS } from "../../zip/format/dos-time.ts";

/**
 * @param allowed - The numbers it can be, in words that fit after "must be"; whether it is one of them shows later.
 * @throws {InvalidOptionError} for what is no decimal number
 */
export function parseNumber(label: string, text: string, allowed = "a number"): number {
	if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
	throw new InvalidOptionError(`${label} must be ${allowed}, not ${shownValue(text)}`);
}

/**
 * Reads a share such as `5%` or `0.05`.
 *
 * @throws {InvalidOptionError}
 */
export function parseShare(label: string, text: string): number {
	const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
	const share = Number(match?.[1]) / (match?.[2] === "%" ? 100 : 1);
	if (share > 0 && share <= 1) return share;
	throw new InvalidOptionError(`${label} is a share such as 5% or 0.05, not ${shownValue(text)}`);
}

/** @throws {InvalidOptionError} */
export function parseChoice(label: string, text: string, choices: readonly string[]): string {
	if (choices.includes(text)) return text;
	const quoted = choices.map((choice) => JSON.stringify(choice)).join(", ");
	throw new InvalidOptionError(`${label} is one of ${quoted}, not ${shownValue(text)}`);
}

/** @throws {InvalidOptionError} */
export function parseFlag(label: string, text: string): boolean {
	if (text === "true" || text === "false") return text === "true";
	throw new InvalidOptionError(`${label} takes no value, or true or false, not ${shownValue(text)}`);
}

/**
 * Reads a time in ISO 8601, or as seconds since 1970.
 *
 * @throws {InvalidOptionError} also for a day that does not exist, and for years that ZIP does not have
 */
export function parseDate(label: string, text: string): Date {
	const ms = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseIsoTime(text);
	if (ms === undefined)
		throw new InvalidOptionError(
			`${label} is a time such as 2026-01-31T12:00:00Z (a time of day needs its zone), 2026-01-31, or seconds since 1970, not ${shownValue(text)}`,
		);
	if (ms >= FIRST_ZIP_TIME_MS && ms < END_OF_ZIP_TIME_MS) return new Date(ms);
	throw new InvalidOptionError(
		`${label} is a time from 1980 to 2107, as ZIP has no other, not ${shownValue(text)}`,
	);
}

/** Reads `key=value` pairs. @throws {InvalidOptionError} also for a key that is given twice */
export function parsePairs(label: string, pairs: readonly string[]): Record<string, string> {
	const values = new Map<string, string>();
	for (const pair of pairs) {
		const at = pair.indexOf("=");
		if (at < 1) throw new InvalidOptionError(`${label} is key=value, not ${shownValue(pair)}`);
		const key = pair.slice(0, at);
		const first = values.get(key);
		if (first !== undefined)
			throw new InvalidOptionError(
				`${label} has ${shownValue(key)} twice: ${shownValue(first)} and ${shownValue(pair.slice(at + 1))}`,
			);
		values.set(key, pair.slice(at + 1));
	}
	return Object.fromEntries(values);
}

/**
 * Patterns from files, or from stdin for `-`, one a line; comments and empty lines as in a `.gitignore`.
 *
 * @throws {InvalidOptionError}
 */
export async function readPatterns(files: readonly string[], signal: AbortSignal): Promise<string[]> {
	const patterns: string[] = [];
	for (const file of files) {
		try {
			const lines = await abortable(file === "-" ? readStdin() : readFile(file, "utf8"), signal);
			patterns.push(...lines.split(/\r?\n/));
		} catch (error) {
			if (signal.aborted) throw error;
			const message = `cannot read the patterns in ${file === "-" ? "stdin" : file}: ${messageOf(error)}`;
			throw new InvalidOptionError(message, { cause: error });
		}
	}
	return patterns;
}

async function readStdin(): Promise<string> {
	if (fstatSync(0).isDirectory()) throw new Error("it is a directory"); // Node would find it empty
	return readAll(process.stdin);
}
