import { InvalidOptionError } from "../errors.ts";
import { shownValue } from "./shown-value.ts";

/**
 * Reads a share such as `5%` or `0.05`.
 *
 * @param label - What gives it, for messages.
 * @throws {InvalidOptionError}
 */
export function parseShare(label: string, text: string): number {
	const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
	const share = Number(match?.[1]) / (match?.[2] === "%" ? 100 : 1);
	if (share > 0 && share <= 1) return share;
	throw new InvalidOptionError(`${label} is a share such as 5% or 0.05, not ${shownValue(text)}`);
}
