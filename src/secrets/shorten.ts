import { redact } from "./redact.ts";

/** Longer than any secret, however it is escaped. */
const LONGEST_SECRET = 64 * 1024;

/**
 * The beginning of a text that may be as long as a book. Secrets are taken out first: what is left of one that
 * was cut could not be told from other text.
 */
export function shorten(text: string, length: number): string {
	const shown = redact(text.slice(0, length + LONGEST_SECRET));
	return shown.length <= length ? shown : `${shown.slice(0, length)}…`;
}
