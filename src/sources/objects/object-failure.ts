import { SourceError } from "../../errors.ts";
import { factsOf, isNotFound, isOutOfRange } from "../../s3/errors/refusals.ts";

const RESTORE = { kind: "other", text: "restore it first, or leave it out with a filter" } as const;

/**
 * Says of an object what a request for it has failed with. Failures that are not about the object stay as they are.
 *
 * @param origin - Its address.
 */
export function objectFailure(error: unknown, origin: string): unknown {
	if (isNotFound(error) && factsOf(error).serverCode !== "NoSuchBucket") return deleted(origin, error);
	if (isOutOfRange(error)) return replaced(origin, error);
	if (factsOf(error).serverCode === "InvalidObjectState") {
		const problem = `${origin} is in an archive of the storage and cannot be read`;
		return new SourceError("SOURCE_UNREADABLE", problem, { origin, cause: error, advice: RESTORE });
	}
	return error;
}

/** It is not the object that was listed any more. */
export function replaced(origin: string, cause?: unknown): SourceError {
	return new SourceError("SOURCE_CHANGED", `${origin} was replaced after it was listed`, { origin, cause });
}

export function deleted(origin: string, cause?: unknown): SourceError {
	return new SourceError("SOURCE_NOT_FOUND", `${origin} was deleted after it was listed`, { origin, cause });
}
