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

/** Far above those of any storage; they go into addresses, and into messages as a whole. */
const LONGEST_UPLOAD_ID = 2_048;
/** Bytes of a key; S3 knows none above 1,024. */
const LONGEST_KEY = 4_096;

/**
 * Looks at the id that the storage gives an upload, which is sent back with every part.
 *
 * @throws {UnexpectedAnswerError}
 */
export function expectUploadId(uploadId: string | undefined): void {
	if (!uploadId)
		throw new UnexpectedAnswerError("the response has no upload id; is the endpoint an S3 storage?");
	if (uploadId.length > LONGEST_UPLOAD_ID)
		throw new UnexpectedAnswerError(`the response has an upload id of ${uploadId.length} characters`);
}

/**
 * Looks at what a listing names: nobody could ask for it, and it would fill the screen.
 *
 * @throws {UnexpectedAnswerError}
 */
export function expectNames(
	listed: readonly { readonly Key?: string | undefined; readonly UploadId?: string | undefined }[] = [],
): void {
	for (const { Key = "", UploadId } of listed) {
		if (UploadId !== undefined) expectUploadId(UploadId);
		if (Key.length > LONGEST_KEY)
			throw new UnexpectedAnswerError(`the response has a key of ${Key.length} characters`);
	}
}
