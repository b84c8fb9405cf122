import { StorageError, type StorageFacts, ZipferryError } from "../errors.ts";
import type { ObjectAddress } from "./s3-url.ts";

const NETWORK_CODES = new Set([
	"ECONNREFUSED",
	"ECONNRESET",
	"ECONNABORTED",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EPIPE",
	"ETIMEDOUT",
	"TimeoutError",
	"RequestTimeout",
	"ERR_SSL_WRONG_VERSION_NUMBER",
]);

/** What to do about the answers people meet most. */
const HINTS: Readonly<Record<string, string>> = {
	AccessDenied: "the credentials lack a permission for this, or a bucket policy forbids it",
	InvalidAccessKeyId:
		"the access key is not known there; check AWS_ACCESS_KEY_ID, the profile and the endpoint",
	SignatureDoesNotMatch: "the secret key does not fit the access key; check AWS_SECRET_ACCESS_KEY",
	ExpiredToken: "the session has expired; get new credentials",
	RequestTimeTooSkewed: "the clocks of this machine and the server differ too much",
	PermanentRedirect: "the bucket is in another region; set --region",
	AuthorizationHeaderMalformed: "the bucket is in another region; set --region",
	EntityTooLarge: "the storage takes no object of this size",
	QuotaExceeded: "the quota of the bucket is used up",
	NoSuchUpload:
		"the upload was removed while it ran; a lifecycle rule for unfinished uploads may be too eager",
};

/** What is known of an error of the SDK, whatever shape it has. */
export interface SdkError {
	/** The server's code, such as `NoSuchBucket`, or the system's, such as `ECONNREFUSED`. */
	readonly code: string;
	readonly message: string;
	readonly status: number | undefined;
	readonly requestId: string | undefined;
}

export function readSdkError(error: unknown): SdkError {
	if (!(error instanceof Error))
		return { code: "", message: String(error), status: undefined, requestId: undefined };
	const { $metadata, code, Code } = error as Error & {
		$metadata?: { httpStatusCode?: number; requestId?: string };
		code?: unknown;
		Code?: unknown;
	};
	const systemCode = error instanceof AggregateError ? readSdkError(error.errors[0]).code : code;
	const name = error.name === "Error" || error.name === "AggregateError" ? "" : error.name;
	return {
		code: [Code, systemCode].find((value): value is string => typeof value === "string") ?? name,
		message: error.message || String(systemCode ?? name),
		status: $metadata?.httpStatusCode,
		requestId: $metadata?.requestId,
	};
}

/**
 * Puts an error of the SDK into one sentence: what was tried, for which object, what the server said,
 * what to do. Errors of ours, and reasons of an abort, pass as they are.
 */
export function toStorageError(error: unknown, operation: string, { bucket, key }: ObjectAddress): unknown {
	if (error instanceof ZipferryError) return error;
	const { code, message, status, requestId } = readSdkError(error);
	const facts: StorageFacts = { bucket, key, operation, serverCode: code, requestId, cause: error };
	const target = `s3://${bucket}/${key}`;
	const request = requestId === undefined ? "" : ` (request ${requestId})`;
	if (code === "NoSuchBucket") {
		return new StorageError("NO_SUCH_BUCKET", `the bucket "${bucket}" does not exist there${request}`, facts);
	}
	if (code === "CredentialsProviderError") {
		return new StorageError("NO_CREDENTIALS", `the credentials cannot be used: ${message}`, facts);
	}
	if (status === 412) {
		return new StorageError("DESTINATION_EXISTS", `${target} exists already and is left as it is`, facts);
	}
	if (status === undefined && NETWORK_CODES.has(code)) {
		return new StorageError(
			"NETWORK",
			`cannot reach the storage for ${target}: ${describe(code, message)}`,
			facts,
		);
	}
	const said = describe(code, message);
	if (status !== undefined && status >= 500) {
		return new StorageError(
			"NETWORK",
			`${operation} of ${target} failed in spite of retries: ${said}${request}`,
			facts,
		);
	}
	const hint = HINTS[code] === undefined ? "" : `; ${HINTS[code]}`;
	return new StorageError(
		"STORAGE_REFUSED",
		`${operation} of ${target} was refused: ${said}${hint}${request}`,
		facts,
	);
}

function describe(code: string, message: string): string {
	if (message === "UnknownError") return code; // what the SDK says when the server gave no message
	if (code === "" || message.includes(code)) return message;
	return `${code}: ${message}`;
}
