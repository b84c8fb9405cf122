import type { Advice } from "../../advice/advice.ts";
import { InvalidOptionError, StorageError, type StorageFacts, ZipferryError } from "../../errors.ts";
import type { ObjectAddress } from "../address.ts";
import { noCredentials } from "./no-credentials.ts";
import { readSdkError, type SdkError } from "./sdk-error.ts";

/** Advice on the most common error responses. */
const HINTS: Readonly<Record<string, string>> = {
	AccessDenied: "the credentials lack a permission for this, or a bucket policy forbids it",
	InvalidAccessKeyId:
		"the access key is not known there; check AWS_ACCESS_KEY_ID, the profile and the endpoint",
	SignatureDoesNotMatch: "the secret key does not match the access key; check AWS_SECRET_ACCESS_KEY",
	ExpiredToken: "the session has expired; get new credentials",
	RequestTimeTooSkewed: "the clocks of this machine and the server differ too much",
	PermanentRedirect: "the bucket is in another region",
	AuthorizationHeaderMalformed: "the bucket is in another region",
	EntityTooLarge: "the storage does not accept objects of this size",
	QuotaExceeded: "the quota of the bucket is used up",
	InsufficientStorage: "the storage is full",
	NoSuchUpload:
		"the upload was removed while it ran; a lifecycle rule for incomplete uploads may be too eager",
	NotImplemented: "the storage does not support an option that was requested",
	ConditionalRequestConflict: "another upload to the same key was finished at the same time",
	ENOTFOUND: "check the endpoint and the region",
	ECONNREFUSED: "nothing listens there; check the endpoint",
	ERR_SSL_WRONG_VERSION_NUMBER: "the server there does not speak TLS; is it http:// instead of https://?",
	DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
	SELF_SIGNED_CERT_IN_CHAIN: "the certificate's authority is not known here",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's authority is not known here",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's authority is not known here",
	CERT_HAS_EXPIRED: "the server's certificate has expired",
	CERT_NOT_YET_VALID: "the server's certificate is not valid yet; is the clock of this machine right?",
	ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another host",
};

const SET_REGION = { kind: "set-option", option: "region" } as const;
const TRUST: Advice = { kind: "set-option", option: "caFile", purpose: "to trust its authority" };

/** Advice for errors where an option helps. */
const ADVICE: Readonly<Record<string, Advice>> = {
	PermanentRedirect: SET_REGION,
	AuthorizationHeaderMalformed: SET_REGION,
	DEPTH_ZERO_SELF_SIGNED_CERT: TRUST,
	SELF_SIGNED_CERT_IN_CHAIN: TRUST,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: TRUST,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TRUST,
	ERR_TLS_CERT_ALTNAME_INVALID: { kind: "set-option", option: "pathStyle", value: true },
};

/**
 * Puts an error of the SDK into one sentence: what was tried, for which object, what the server said,
 * what to do. Errors of ours, and reasons of an abort, pass as they are.
 *
 * @param mustBeNew - Whether the request had the condition that there is no object yet.
 */
export function toStorageError(
	error: unknown,
	operation: string,
	{ bucket, key }: ObjectAddress,
	mustBeNew = false,
): unknown {
	if (error instanceof ZipferryError) return error;
	const failure = readSdkError(error);
	const { code, status, requestId } = failure;
	const advice = adviceOn(failure);
	const facts: StorageFacts = {
		...{ bucket, key, operation, serverCode: code, status, requestId, advice },
		cause: error,
	};
	const target = key === "" ? `the bucket ${bucket}` : `s3://${bucket}/${key}`;
	const hint = hintOf(code);
	const tail = `${hint === undefined ? "" : `; ${hint}`}${requestId === undefined ? "" : ` (request ${requestId})`}`;
	if (isMisconfigured(failure)) {
		const message = `requests to the storage cannot be made with these settings: ${failure.message}`;
		return new InvalidOptionError(message, { cause: error });
	}
	if (code === "NoSuchBucket") {
		return new StorageError("NO_SUCH_BUCKET", `the bucket "${bucket}" does not exist there${tail}`, facts);
	}
	if (code === "CredentialsProviderError") return noCredentials(error, facts);
	if (code === "DamagedPart") {
		return new StorageError("INTEGRITY", `${operation} of ${target}: ${failure.message}`, facts);
	}
	if (status === 412 && mustBeNew) {
		return new StorageError("DESTINATION_EXISTS", `${target} exists already and is left as it is`, facts);
	}
	const said = describe(failure);
	if (status === undefined && (failure.isNetwork || isTls(code) || code === "UnexpectedAnswer")) {
		return new StorageError("NETWORK", `cannot reach the storage for ${target}: ${said}${tail}`, facts);
	}
	if (failure.mayPass) {
		return new StorageError(
			"NETWORK",
			`${operation} of ${target} failed despite retries: ${said}${tail}`,
			facts,
		);
	}
	return new StorageError("STORAGE_REFUSED", `${operation} of ${target} was refused: ${said}${tail}`, facts);
}

/** The SDK could not even make a request, of what the variables of AWS and the profile say. */
function isMisconfigured({ code, message, status }: SdkError): boolean {
	return status === undefined && (code === "EndpointError" || /^Invalid parameter for /.test(message));
}

function adviceOn({ code, region }: SdkError): Advice | undefined {
	if (!Object.hasOwn(ADVICE, code)) return undefined;
	const advice = ADVICE[code];
	return advice === SET_REGION ? { ...SET_REGION, value: region } : advice;
}

function hintOf(code: string): string | undefined {
	if (Object.hasOwn(HINTS, code)) return HINTS[code];
	return code.startsWith("HPE_") ? "the server there does not speak HTTP; check the endpoint" : undefined;
}

/** The server's words with its code, once. */
function describe({ code, message: raw, status }: SdkError): string {
	const message = raw.replace(/[.\s]+$/, "");
	// The SDK's words if the server gave no message; a response to HEAD has no code either.
	if (message === "UnknownError") return /^(Unknown.*|\d+)$/.test(code) ? `HTTP status ${status}` : code;
	if (code === "" || code.startsWith("ProxyError ") || message.includes(code)) return message;
	return `${code}: ${message}`;
}

function isTls(code: string): boolean {
	return /CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code);
}
