import { shownValue } from "./shown-value.ts";

/** Whether code of others threw what says something: an error of any realm, or an object like one. */
export function isErrorLike(thrown: unknown): boolean {
	return (
		typeof thrown === "object" && thrown !== null && "message" in thrown && typeof thrown.message === "string"
	);
}

/** What was thrown, for a message: `threw undefined instead of an error`. */
export function describeThrown(thrown: unknown): string {
	return `threw ${shownValue(thrown)} instead of an error`;
}

/**
 * What code of others threw, as an error. Anything can be thrown: `undefined` would look like no failure to whom asks
 * for the reason of one, and the platform puts an `AbortError` in its place.
 *
 * @param who - Names the code in the message.
 */
export function asError(thrown: unknown, who: string): unknown {
	return isErrorLike(thrown) ? thrown : new Error(`${who} ${describeThrown(thrown)}`, { cause: thrown });
}
