import { fstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { abortable } from "../../async/abortable.ts";
import { describeSize, GiB, KiB, MiB } from "../../bytes/units.ts";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import { parseIsoTime } from "../../options/iso-time.ts";
import { shownValue } from "../../options/shown-value.ts";
import { END_OF_ZIP_TIME_MS, FIRST_ZIP_TIME_MS } from "../../zip/format/dos-time.ts";
import { formatCount } from "../terminal/text.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, K: KiB, M: MiB, G: GiB, T: 1024 * GiB };

/** The rule for all sizes, for the help. */
export const SIZE_RULE = "K, M, G and T are powers of 1024, a plain number is bytes";

/** More than that in MiB is meant by nobody. */
const MAX_MEANT_MIB = 10_000;

/**
 * Reads a size such as `16M` or `16MiB`. A plain number is bytes, as everywhere.
 *
 * @param label - What gives the size, for messages: `--part-size`.
 * @param leastPlain - Bytes. A plain number below was meant as MiB, and is refused.
 * @throws {InvalidOptionError}
 */
export function parseSize(label: string, text: string, leastPlain = 1): number {
	const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(?:iB?|B)?|(B))?$/i.exec(text);
	const bytes = Number(match?.[1]) * (UNITS[(match?.[2] ?? "").toUpperCase()] ?? Number.NaN);
	if (!Number.isInteger(bytes) || bytes <= 0)
		throw new InvalidOptionError(`${label} is a size such as 16M or 1G, not ${shownValue(text)}`);
	if (match?.[2] === undefined && match?.[3] === undefined && bytes < leastPlain) {
		const least = `less than ${describeSize(leastPlain)}`;
		const meant = bytes <= MAX_MEANT_MIB ? `; ${bytes}M is ${bytes} MiB` : "";
		throw new InvalidOptionError(
			`${label} ${shownValue(text)} is ${formatCount(bytes, "byte")}, ${least}${meant}`,
		);
	}
	return bytes;
}

/**
 * @param allowed - The numbers it can be, in words that fit after "must be"; whether it is one of them shows later.
 * @throws {InvalidOptionError} for what is no decimal number
 */
export function parseNumber(label: string, text: string, allowed = "a number"): number {
	if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
	throw new InvalidOptionError(`${label} must be ${allowed}, not ${shownValue(text)}`);
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

const DURATION_UNITS: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/**
 * Reads a duration such as `30s`, `10m`, `1d`; a bare number counts seconds.
 *
 * @returns milliseconds
 * @throws {InvalidOptionError}
 */
export function parseDuration(label: string, text: string): number {
	const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text);
	const milliseconds = Number(match?.[1]) * (DURATION_UNITS[match?.[2] ?? "s"] ?? Number.NaN);
	if (Number.isFinite(milliseconds)) return Math.round(milliseconds);
	throw new InvalidOptionError(`${label} is a time such as 30s, 10m or 1d, not ${shownValue(text)}`);
}

/** A duration as {@link parseDuration} reads it: `10s`, `60s`, `10m`, `1d`. */
export function formatDuration(milliseconds: number): string {
	if (milliseconds > 0 && milliseconds % 86_400_000 === 0) return `${milliseconds / 86_400_000}d`;
	return milliseconds % 60_000 === 0 && milliseconds > 60_000
		? `${milliseconds / 60_000}m`
		: `${milliseconds / 1000}s`;
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
