import { createHash } from "node:crypto";

/** Ends every sealed text. */
const SEAL = /,"sha256":"([\da-f]{64})"\}$/;

/**
 * An object as one line of JSON that ends in a hash of all before it: what was changed on its way, by whatever, is told from
 * what was written.
 *
 * @param value - With one property at least.
 */
export function sealJson(value: object): string {
	const open = JSON.stringify(value).slice(0, -1);
	return `${open},"sha256":"${hashOf(open)}"}`;
}

/**
 * Reads what {@link sealJson} has written.
 *
 * @returns `undefined` for anything else
 */
export function openSealed(line: string): unknown {
	const seal = SEAL.exec(line);
	if (seal === null || hashOf(line.slice(0, seal.index)) !== seal[1]) return undefined;
	return JSON.parse(line);
}

function hashOf(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}
