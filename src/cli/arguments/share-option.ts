import { InvalidOptionError } from "../../errors.ts";
import { shownValue } from "../../options/shown-value.ts";

/**
 * Reads a share such as `5%` or `0.05`.
 *
 * @throws {InvalidOptionError}
 */
export function readShare(label: string, text: string): number {
	const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
	const share = Number(match?.[1]) / (match?.[2] === "%" ? 100 : 1);
	if (share > 0 && share <= 1) return share;
	throw new InvalidOptionError(`${label} is a share such as 5% or 0.05, not ${shownValue(text)}`);
}
