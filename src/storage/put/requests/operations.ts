import type { SdkError } from "../../../s3/errors/sdk-error.ts";

/** Facts of a request that has failed; none if there was no response. */
export type Failure = Pick<SdkError, "status" | "code">;

/** The effect that a failed request may have had anyway: its response was lost. */
type Aftermath = "upload" | "object" | undefined;

/** The requests of an upload, by their names in S3. */
export type OperationName =
	| "CreateMultipartUpload"
	| "UploadPart"
	| "UploadPartCopy"
	| "HeadObject"
	| "PutObject"
	| "CompleteMultipartUpload";

/** A kind of request, and what is to be thought of one that fails. */
export interface Operation {
	readonly name: OperationName;
	/** Its possible effect in the storage, unless the response says that it has done nothing. */
	readonly aftermath: (failure: Failure) => Aftermath;
}

/** Statuses that say for sure that nothing was created. */
const NOTHING_CREATED: ReadonlySet<number> = new Set([400, 401, 403, 404, 409, 412, 429, 501]);
/** The same of an object. Whoever asks a second time may hear that the upload is not there, or no good. */
const NOTHING_PUBLISHED: ReadonlySet<number> = new Set([401, 403, 409, 412, 429, 501]);

/** Refusals of whoever asks, or of where, before the storage looks at what is asked for. */
const TURNED_AWAY: ReadonlySet<string> = new Set([
	"AuthorizationHeaderMalformed",
	"ExpiredToken",
	"IllegalLocationConstraintException",
	"InvalidBucketName",
	"InvalidToken",
	"NoSuchBucket",
	"PermanentRedirect",
]);

const publishes: Operation["aftermath"] = ({ status = 0, code }) =>
	NOTHING_PUBLISHED.has(status) || (status > 0 && TURNED_AWAY.has(code)) ? undefined : "object";
const leavesNothing: Operation["aftermath"] = () => undefined;

export const CREATE: Operation = {
	name: "CreateMultipartUpload",
	aftermath: ({ status = 0 }) => (NOTHING_CREATED.has(status) ? undefined : "upload"),
};

export const SEND_PART: Operation = {
	name: "UploadPart",
	// The id may have been garbled on its way; then there is an upload with the real one.
	aftermath: ({ code }) => (code === "NoSuchUpload" ? "upload" : undefined),
};

export const COPY_PART: Operation = { name: "UploadPartCopy", aftermath: leavesNothing };

/** Looks at the object that parts were copied from. */
export const LOOK_AT_SOURCE: Operation = { name: "HeadObject", aftermath: leavesNothing };

export const PUT: Operation = { name: "PutObject", aftermath: publishes };

export const COMPLETE: Operation = { name: "CompleteMultipartUpload", aftermath: publishes };
