import { StorageError } from "../../errors.ts";
import { isUnknownUpload } from "./unknown-upload.ts";

/** An upload that was resumed turns out not to be what is needed. */
export class UnfitUploadError extends Error {
	override readonly name = "UnfitUpload";
}

/** Whether the upload is not there any more: completed or removed by somebody else. */
export const isGoneError: (error: unknown) => boolean = isUnknownUpload;

/** Whether the parts that were to be put together are not those that the upload holds. */
export function isInvalidPartError(error: unknown): boolean {
	if (!(error instanceof StorageError)) return false;
	const { operation, serverCode } = error.facts;
	return operation === "CompleteMultipartUpload" && serverCode === "InvalidPart";
}

/**
 * Why an upload that was resumed cannot be finished, where a new one can.
 *
 * @returns `undefined` for failures that would meet a new one as well
 */
export function whyNotResumable(error: unknown): string | undefined {
	if (error instanceof UnfitUploadError) return error.message;
	if (isGoneError(error)) return "it was completed or removed by somebody else meanwhile";
	if (!isInvalidPartError(error)) return undefined;
	return "it holds parts that another run has sent, or that the archive no longer has";
}
