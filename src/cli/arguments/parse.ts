import { readFile } from "node:fs/promises";
import { GiB, KiB, MiB } from "../../bytes/units.ts";
import { InvalidOptionError, messageOf } from "../../errors.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, K: KiB, M: MiB, G: GiB, T: 1024 * GiB };

/**
 * Reads a size such as `16M` or `16MiB`; a bare number counts MiB, as with other S3 tools.
 *
 * @throws {InvalidOptionError}
 */
export function parseSize(option: string, text: string): number {
	const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(?:i?B)?|(B))?$/i.exec(text);
	const unit = match?.[3] !== undefined ? "" : (match?.[2] ?? "M").toUpperCase();
	const bytes = Number(match?.[1]) * (UNITS[unit] ?? Number.NaN);
	if (Number.isInteger(bytes) && bytes > 0) return bytes;
	throw new InvalidOptionError(`--${option} is a size such as 16M or 1G, not "${text}"`);
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
export function parseDuration(option: string, text: string): number {
	const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text);
	const milliseconds = Number(match?.[1]) * (DURATION_UNITS[match?.[2] ?? "s"] ?? Number.NaN);
	if (Number.isFinite(milliseconds)) return Math.round(milliseconds);
	throw new InvalidOptionError(`--${option} is a time such as 30s, 10m or 1d, not "${text}"`);
}

/** A duration as {@link parseDuration} reads it: `10s`, `60s`, `10m`, `1d`. */
export function formatDuration(milliseconds: number): string {
	if (milliseconds > 0 && milliseconds % 86_400_000 === 0) return `${milliseconds / 86_400_000}d`;
	return milliseconds % 60_000 === 0 && milliseconds > 60_000
		? `${milliseconds / 60_000}m`
		: `${milliseconds / 1000}s`;
}

/** @throws {InvalidOptionError} */
export function parseDate(option: string, text: string): Date {
	const date = /^\d+$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
	if (!Number.isNaN(date.getTime())) return date;
	throw new InvalidOptionError(
		`--${option} is a time such as 2026-01-31T12:00:00Z or seconds since 1970, not "${text}"`,
	);
}

/** Reads `key=value` pairs. @throws {InvalidOptionError} also for a key that is given twice */
export function parsePairs(option: string, pairs: readonly string[]): Record<string, string> {
	const values = new Map<string, string>();
	for (const pair of pairs) {
		const at = pair.indexOf("=");
		if (at < 1) throw new InvalidOptionError(`--${option} is key=value, not "${pair}"`);
		const key = pair.slice(0, at);
		const first = values.get(key);
		if (first !== undefined)
			throw new InvalidOptionError(`--${option} has "${key}" twice: "${first}" and "${pair.slice(at + 1)}"`);
		values.set(key, pair.slice(at + 1));
	}
	return Object.fromEntries(values);
}

/** Patterns from files, one a line; comments and empty lines as in a `.gitignore`. */
export async function readPatterns(files: readonly string[]): Promise<string[]> {
	const patterns: string[] = [];
	for (const file of files) {
		try {
			patterns.push(...(await readFile(file, "utf8")).split(/\r?\n/));
		} catch (error) {
			const message = `cannot read the patterns in ${file}: ${messageOf(error)}`;
			throw new InvalidOptionError(message, { cause: error });
		}
	}
	return patterns;
}
