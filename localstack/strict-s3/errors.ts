/** HTTP status of every error code this server answers with, as AWS lists them under "Error responses". */
const STATUS = {
	AccessDenied: 403,
	AuthorizationHeaderMalformed: 400,
	AuthorizationQueryParametersError: 400,
	BadDigest: 400,
	BadRequest: 400,
	BucketAlreadyOwnedByYou: 409,
	BucketNotEmpty: 409,
	EntityTooLarge: 400,
	EntityTooSmall: 400,
	IllegalLocationConstraintException: 400,
	IncompleteBody: 400,
	InternalError: 500,
	InvalidAccessKeyId: 403,
	InvalidArgument: 400,
	InvalidBucketName: 400,
	InvalidBucketState: 409,
	InvalidDigest: 400,
	InvalidPart: 400,
	InvalidPartNumber: 416,
	InvalidPartOrder: 400,
	InvalidRange: 416,
	InvalidRequest: 400,
	InvalidStorageClass: 400,
	InvalidTag: 400,
	InvalidURI: 400,
	KeyTooLongError: 400,
	MalformedTrailerError: 400,
	MalformedXML: 400,
	MetadataTooLarge: 400,
	MethodNotAllowed: 405,
	MissingContentLength: 411,
	NoSuchBucket: 404,
	NoSuchKey: 404,
	NoSuchLifecycleConfiguration: 404,
	NoSuchObjectLockConfiguration: 404,
	NoSuchUpload: 404,
	NoSuchVersion: 404,
	NotImplemented: 501,
	ObjectLockConfigurationNotFoundError: 404,
	PreconditionFailed: 412,
	RequestTimeTooSkewed: 403,
	SignatureDoesNotMatch: 403,
	XAmzContentSHA256Mismatch: 400,
} as const;

export type S3ErrorCode = keyof typeof STATUS;

/** What an error document says, whoever decided to send it. */
export interface ErrorAnswer {
	readonly status: number;
	readonly code: string;
	readonly message: string;
	/** Further elements of the document, such as `MinSizeAllowed`. */
	readonly details?: Readonly<Record<string, string>>;
}

/** A request is refused, in S3's words. */
export class S3Error extends Error implements ErrorAnswer {
	override readonly name = "S3Error";
	readonly code: S3ErrorCode;
	readonly status: number;
	readonly details: Readonly<Record<string, string>>;

	constructor(code: S3ErrorCode, message: string, details: Readonly<Record<string, string>> = {}) {
		super(message);
		this.code = code;
		this.status = STATUS[code];
		this.details = details;
	}
}

export function notImplemented(what: string): S3Error {
	return new S3Error("NotImplemented", `${what} is not implemented by this server`);
}
