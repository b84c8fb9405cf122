import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "../errors.ts";
import type { Query } from "./query.ts";

export interface SignedRequest {
	readonly method: string;
	/** As it stood in the request line, still encoded. */
	readonly path: string;
	readonly query: Query;
	readonly headers: IncomingHttpHeaders;
}

/** What a request says about its own signature. */
export interface Claim {
	readonly credential: string;
	readonly signedHeaders: readonly string[];
	readonly signature: string;
	readonly timestamp: string;
	/** Seconds; only presigned requests have it. */
	readonly expiresIn?: number;
}

const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;
export const PAYLOAD_HEADER = "x-amz-content-sha256";
const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
const QUERY_FIELDS = ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"];
/** Query parameters that make up the claim itself. */
export const SIGNING_PARAMETERS: ReadonlySet<string> = new Set(QUERY_FIELDS.map((field) => `X-Amz-${field}`));

/** The claim of a request, from its query if it is presigned. */
export function claimOf(request: SignedRequest): Claim {
	return request.query.has("X-Amz-Algorithm") ? claimInQuery(request) : claimInHeader(request);
}

/** A presigned request may have headers of S3 in its query; they mean the same there. */
export function hoistedHeaders(query: Query): IncomingHttpHeaders {
	const names = query.has("X-Amz-Algorithm") ? query.names : [];
	const hoisted = names.filter((name) => /^x-amz-/i.test(name) && !SIGNING_PARAMETERS.has(name));
	return Object.fromEntries(hoisted.map((name) => [name.toLowerCase(), query.get(name)]));
}

function claimInHeader({ headers }: SignedRequest): Claim {
	const { authorization } = headers;
	if (authorization === undefined) throw new S3Error("AccessDenied", "Access Denied");
	const match =
		/^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
			authorization,
		);
	const [, credential, signedHeaders, signature] = match ?? [];
	if (credential === undefined || signedHeaders === undefined || signature === undefined) {
		throw new S3Error(
			"AuthorizationHeaderMalformed",
			"The authorization header that you provided is not valid.",
		);
	}
	const timestamp = headers["x-amz-date"];
	return {
		credential,
		signedHeaders: signedHeaders.split(";"),
		signature,
		timestamp: typeof timestamp === "string" ? timestamp : "",
	};
}

function claimInQuery({ query }: SignedRequest): Claim {
	const field = (name: string): string => {
		const value = query.get(`X-Amz-${name}`);
		if (value === undefined) {
			throw new S3Error("AuthorizationQueryParametersError", `The query parameter X-Amz-${name} is missing.`);
		}
		return value;
	};
	const expiresIn = Number(field("Expires"));
	if (field("Algorithm") !== "AWS4-HMAC-SHA256" || !(expiresIn >= 1 && expiresIn <= MAX_EXPIRES_SECONDS)) {
		throw new S3Error(
			"AuthorizationQueryParametersError",
			"X-Amz-Algorithm must be AWS4-HMAC-SHA256 and X-Amz-Expires between 1 and 604800 seconds.",
		);
	}
	return {
		credential: field("Credential"),
		signedHeaders: field("SignedHeaders").split(";"),
		signature: field("Signature"),
		timestamp: field("Date"),
		expiresIn,
	};
}

/** How the body is sent: its digest in hex, or a word of AWS. */
export function payloadOf({ headers, query }: SignedRequest, { expiresIn }: Claim): string {
	const header = headers[PAYLOAD_HEADER] ?? hoistedHeaders(query)[PAYLOAD_HEADER];
	if (typeof header === "string") return header;
	if (expiresIn !== undefined) return UNSIGNED_PAYLOAD;
	throw new S3Error("InvalidRequest", `Missing required header for this request: ${PAYLOAD_HEADER}`);
}
