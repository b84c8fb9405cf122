import { SourceError } from "../../errors.ts";
import { describeThrown, isErrorLike } from "../../options/thrown-value.ts";

/**
 * Runs a step of the caller's code: a function, or an iterator. Errors reach the caller as they are; what is thrown in
 * their place becomes one.
 *
 * @param origin - What it is the content of.
 */
export async function callersStep<Result>(
	origin: string,
	step: () => Result | Promise<Result>,
): Promise<Result> {
	try {
		return await step();
	} catch (thrown) {
		throw sourceFailure(origin, thrown);
	}
}

/** What the content of an entry, or what makes entries, has failed with. */
export function sourceFailure(origin: string, thrown: unknown): unknown {
	if (isErrorLike(thrown)) return thrown;
	const message = `cannot read ${origin}: it ${describeThrown(thrown)}`;
	return new SourceError("SOURCE_UNREADABLE", message, { origin, cause: thrown });
}
