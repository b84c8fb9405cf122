import { UnexpectedAnswerError } from "./errors/sdk-error.ts";

/**
 * Looks whether an answer has any of the fields that a document of S3 has: any page with status 200 reads like an
 * empty list, and a gateway or a captive portal may be in between.
 *
 * @throws {UnexpectedAnswerError}
 */
export function expectAnyOf(...fields: readonly unknown[]): void {
	if (fields.every((field) => field === undefined || field === ""))
		throw new UnexpectedAnswerError("the response is not from an S3 storage");
}

/** The fields that a response to HEAD must have. */
interface HeadAnswer {
	readonly ContentLength?: number | undefined;
	readonly ETag?: string | undefined;
}

/**
 * The same of the answer to HEAD, which has no document: any gateway answers it with 200, but an object has a
 * size and an ETag.
 *
 * @throws {UnexpectedAnswerError}
 */
export function expectObjectHead({ ContentLength, ETag }: HeadAnswer): void {
	if (ContentLength === undefined || !ETag)
		throw new UnexpectedAnswerError("the response is not from an S3 storage");
}
