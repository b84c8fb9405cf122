import { InvalidOptionError } from "../errors.ts";
import { shownValue } from "./shown-value.ts";

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
 * @param label - What gives the duration, for messages.
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
