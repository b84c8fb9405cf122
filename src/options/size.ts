import { describeSize, formatNumber, GiB, KiB, MiB } from "../bytes/units.ts";
import { InvalidOptionError } from "../errors.ts";
import { shownValue } from "./shown-value.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, K: KiB, M: MiB, G: GiB, T: 1024 * GiB };

/** The rule for all sizes, for the help. */
export const SIZE_RULE = "K, M, G and T are powers of 1024, a plain number is bytes";

/** More than that in MiB is meant by nobody. */
const MAX_MEANT_MIB = 10_000;

/**
 * Reads a size such as `16M` or `16MiB`. A plain number is bytes, as everywhere.
 *
 * @param label - What gives the size, for messages.
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
		const count = `${formatNumber(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
		throw new InvalidOptionError(`${label} ${shownValue(text)} is ${count}, ${least}${meant}`);
	}
	return bytes;
}

/** A size as it is written, in the largest unit of which it is a whole number: `32M`. */
export function formatSize(bytes: number): string {
	const unit = ["T", "G", "M", "K"].find((name) => bytes >= sizeOf(name) && bytes % sizeOf(name) === 0) ?? "";
	return `${bytes / sizeOf(unit)}${unit}`;
}

function sizeOf(unit: string): number {
	return UNITS[unit] ?? 1;
}
