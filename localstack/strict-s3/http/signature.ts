import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { S3Error } from "../errors.ts";
import {
	type Claim,
	claimOf,
	PAYLOAD_HEADER,
	payloadOf,
	SIGNING_PARAMETERS,
	type SignedRequest,
} from "./signature-claim.ts";

/** The one user of the server. */
export interface Identity {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly region: string;
}

/** A request whose signature was right. */
export interface Authentication {
	/** The value of `x-amz-content-sha256`: a digest in hex, or how the body is sent. */
	readonly payload: string;
	/** The signature of the headers, from which signed chunks go on. */
	readonly seed: string;
	/** `date/region/service/aws4_request` and the date, for the signatures of chunks. */
	readonly scope: string;
	readonly timestamp: string;
	sign(text: string): Promise<string>;
}

const MAX_SKEW_MS = 15 * 60 * 1000;

/**
 * Verifies the AWS Signature Version 4 of a request, in its headers or in its query.
 *
 * The SDK's own signer signs the request once more with our secret; the two signatures have to agree.
 */
export async function authenticate(
	request: SignedRequest,
	identity: Identity,
	now: Date,
): Promise<Authentication> {
	const claim = claimOf(request);
	const [accessKeyId, day, region, service, terminator] = claim.credential.split("/");
	if (accessKeyId !== identity.accessKeyId) {
		throw new S3Error(
			"InvalidAccessKeyId",
			"The AWS Access Key Id you provided does not exist in our records.",
			{
				AWSAccessKeyId: accessKeyId ?? "",
			},
		);
	}
	if (region !== identity.region || service !== "s3" || terminator !== "aws4_request") {
		throw new S3Error(
			"AuthorizationHeaderMalformed",
			`The authorization is malformed; expecting the scope <day>/${identity.region}/s3/aws4_request`,
			{ Region: identity.region },
		);
	}
	const signingDate = parseTimestamp(claim.timestamp);
	if (signingDate === undefined || claim.timestamp.slice(0, 8) !== day) {
		throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
	}
	assertFresh(claim, signingDate, now);
	assertEverythingSigned(request.headers, claim.signedHeaders);

	const signer = new SignatureV4({
		credentials: identity,
		region: identity.region,
		service: "s3",
		sha256: Sha256,
		uriEscapePath: false,
		applyChecksum: false,
	});
	const payload = payloadOf(request, claim);
	const expected = await signAgain(signer, request, claim, payload, signingDate);
	if (!equal(expected, claim.signature)) {
		throw new S3Error(
			"SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		);
	}
	return {
		payload,
		seed: claim.signature,
		scope: claim.credential.slice(claim.credential.indexOf("/") + 1),
		timestamp: claim.timestamp,
		sign: (text) => signer.sign(text, { signingDate }),
	};
}

function assertFresh({ expiresIn }: Claim, signed: Date, now: Date): void {
	const age = now.getTime() - signed.getTime();
	if (expiresIn !== undefined) {
		if (age > expiresIn * 1000) throw new S3Error("AccessDenied", "Request has expired");
		if (age < -MAX_SKEW_MS) throw new S3Error("AccessDenied", "Request is not valid yet");
	} else if (Math.abs(age) > MAX_SKEW_MS) {
		throw new S3Error(
			"RequestTimeTooSkewed",
			"The difference between the request time and the current time is too large.",
			{ ServerTime: now.toISOString(), MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS) },
		);
	}
}

/** A header that says what to do has to be under the signature, or a man in the middle could add it. */
function assertEverythingSigned(headers: IncomingHttpHeaders, signed: readonly string[]): void {
	const unsigned = Object.keys(headers).filter(
		(name) => (name === "host" || name.startsWith("x-amz-")) && !signed.includes(name),
	);
	if (unsigned.length > 0) {
		throw new S3Error("AccessDenied", "There were headers present in the request which were not signed", {
			HeadersNotSigned: unsigned.join(", "),
		});
	}
}

async function signAgain(
	signer: SignatureV4,
	{ method, path, query, headers }: SignedRequest,
	{ signedHeaders, expiresIn }: Claim,
	payload: string,
	signingDate: Date,
): Promise<string> {
	const request = {
		method,
		path,
		protocol: "http:",
		hostname: "",
		query: query.except(expiresIn === undefined ? new Set() : SIGNING_PARAMETERS),
		headers: {
			...Object.fromEntries(signedHeaders.map((name) => [name, String(headers[name] ?? "")])),
			// The signer takes the payload's digest from here, whether the header itself is signed or not.
			[PAYLOAD_HEADER]: payload,
		},
	};
	const signableHeaders = new Set(signedHeaders);
	const unsignableHeaders = new Set(signableHeaders.has(PAYLOAD_HEADER) ? [] : [PAYLOAD_HEADER]);
	if (expiresIn === undefined) {
		const signed = await signer.sign(request, { signingDate, signableHeaders, unsignableHeaders });
		return signed.headers["authorization"]?.split("Signature=")[1] ?? "";
	}
	const unhoistableHeaders = new Set([...signableHeaders, PAYLOAD_HEADER]);
	const options = { signingDate, expiresIn, signableHeaders, unsignableHeaders, unhoistableHeaders };
	const { query: signedQuery } = await signer.presign(request, options);
	return String(signedQuery?.["X-Amz-Signature"]);
}

function parseTimestamp(text: string): Date | undefined {
	const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
	const date = new Date(iso);
	return iso === text || Number.isNaN(date.getTime()) ? undefined : date;
}

export function equal(left: string, right: string): boolean {
	return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

/** The shape of hash that the SDK's signer asks for: SHA-256, or HMAC-SHA-256 if there is a key. */
class Sha256 {
	readonly #hash;

	constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
		this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
	}

	update(data: Uint8Array): void {
		this.#hash.update(data);
	}

	digest(): Promise<Uint8Array> {
		return Promise.resolve(this.#hash.digest());
	}

	reset(): void {
		throw new Error("a hash of node:crypto cannot start over");
	}
}

function bytesOf(secret: string | ArrayBuffer | ArrayBufferView): Uint8Array {
	if (typeof secret === "string") return Buffer.from(secret);
	if (secret instanceof ArrayBuffer) return new Uint8Array(secret);
	return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
}
