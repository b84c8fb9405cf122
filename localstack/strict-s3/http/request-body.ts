import { createHash, type Hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { notImplemented, S3Error } from "../errors.ts";
import type { Sink } from "../store/blob-store.ts";
import {
	assertChecksumValue,
	CHECKSUM_ALGORITHMS,
	type ChecksumAlgorithm,
	checksumHeader,
	createChecksum,
	parseAlgorithm,
} from "../store/checksums.ts";
import { MiB } from "../units.ts";
import { decodeChunks, type Trailers } from "./aws-chunked.ts";
import type { Authentication } from "./signature.ts";

/** What arrived, and was verified. */
export interface Received {
	/** Bytes. */
	readonly size: number;
	readonly md5: Buffer;
	/** Set if the client sent one. */
	readonly checksum: PlainChecksum | undefined;
}

/** The checksum of a run of bytes, base64. */
export interface PlainChecksum {
	readonly algorithm: ChecksumAlgorithm;
	readonly value: string;
}

interface BodySource {
	readonly headers: IncomingHttpHeaders;
	readonly chunks: AsyncIterable<Uint8Array>;
	readonly authentication: Authentication;
	/** Bytes; longer data is refused. */
	readonly maxSize: number;
}

const MAX_TEXT_SIZE = 8 * MiB;

/** The body of a request: counted, decoded and compared with everything the headers say about it. */
export class RequestBody {
	readonly #source: BodySource;

	constructor(source: BodySource) {
		this.#source = source;
	}

	/** Of the checksum that comes with the body, in a header or behind it. */
	get checksumAlgorithm(): ChecksumAlgorithm | undefined {
		return expectedChecksum(this.#source.headers)?.algorithm;
	}

	/**
	 * Gives the body to `sink` as it comes in. What `sink` got counts only once the promise is fulfilled:
	 * most digests are known after the last byte.
	 */
	async receive(sink: Sink, maxSize: number = this.#source.maxSize): Promise<Received> {
		const { headers, chunks, authentication } = this.#source;
		const announced = announcedSize(headers);
		if (announced > maxSize) throw tooLarge(maxSize);
		const contentMd5 = parseContentMd5(headers["content-md5"]);
		const expected = expectedChecksum(headers);
		const trailers: Trailers = new Map();
		const encoding = payloadEncoding(headers, authentication);

		const md5 = createHash("md5");
		const sha256 = encoding === "signed" ? createHash("sha256") : undefined;
		const checksum = expected && createChecksum(expected.algorithm);
		let size = 0;
		const plain =
			encoding === "signed" || encoding === "unsigned"
				? chunks
				: decodeChunks(chunks, encoding === "signed-chunks" ? authentication : undefined, trailers);
		for await (const chunk of plain) {
			size += chunk.byteLength;
			if (size > announced) throw incomplete();
			md5.update(chunk);
			sha256?.update(chunk);
			checksum?.update(chunk);
			const drained = sink(chunk);
			if (drained !== undefined) await drained;
		}

		if (size !== announced) throw incomplete();
		assertPayload(sha256, authentication.payload);
		const md5Digest = md5.digest();
		if (contentMd5 !== undefined && !contentMd5.equals(md5Digest)) {
			throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
		}
		if (expected === undefined || checksum === undefined)
			return { size, md5: md5Digest, checksum: undefined };
		const value = Buffer.from(await checksum.digest()).toString("base64");
		assertChecksum(expected, value, trailers);
		return { size, md5: md5Digest, checksum: { algorithm: expected.algorithm, value } };
	}

	/** The whole body as text, for the operations that take an XML document. */
	async text(): Promise<string> {
		const chunks: Uint8Array[] = [];
		await this.receive((chunk) => {
			chunks.push(chunk);
			return undefined;
		}, MAX_TEXT_SIZE);
		return Buffer.concat(chunks).toString("utf8");
	}
}

function announcedSize(headers: IncomingHttpHeaders): number {
	const decoded = headers["x-amz-decoded-content-length"];
	const text = typeof decoded === "string" ? decoded : headers["content-length"];
	if (text === undefined) {
		// AWS words it like this: a chunked body is a feature it does not have.
		if (headers["transfer-encoding"] !== undefined) throw notImplemented("the header Transfer-Encoding");
		throw new S3Error("MissingContentLength", "You must provide the Content-Length HTTP header.");
	}
	if (!/^\d{1,15}$/.test(text))
		throw new S3Error("InvalidArgument", "The length of the body is not a number.");
	return Number(text);
}

type PayloadEncoding = "signed" | "unsigned" | "unsigned-chunks" | "signed-chunks";

function payloadEncoding(headers: IncomingHttpHeaders, { payload }: Authentication): PayloadEncoding {
	if (/^[0-9a-f]{64}$/.test(payload)) return "signed";
	if (payload === "UNSIGNED-PAYLOAD") return "unsigned";
	if (!payload.startsWith("STREAMING-")) {
		throw new S3Error(
			"InvalidArgument",
			"x-amz-content-sha256 must be UNSIGNED-PAYLOAD, or a valid sha256 value.",
		);
	}
	if (headers["x-amz-decoded-content-length"] === undefined) {
		throw new S3Error(
			"MissingContentLength",
			"You must provide the x-amz-decoded-content-length HTTP header.",
		);
	}
	switch (payload) {
		case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
			return "unsigned-chunks";
		case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
		case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
			return "signed-chunks";
		default:
			throw notImplemented(`x-amz-content-sha256: ${payload}`);
	}
}

interface ExpectedChecksum {
	readonly algorithm: ChecksumAlgorithm;
	/** `undefined`: the value follows the body. */
	readonly value: string | undefined;
}

function expectedChecksum(headers: IncomingHttpHeaders): ExpectedChecksum | undefined {
	const sent = CHECKSUM_ALGORITHMS.flatMap((algorithm): ExpectedChecksum[] => {
		const value = headers[checksumHeader(algorithm)];
		return typeof value === "string" ? [{ algorithm, value }] : [];
	});
	const trailer = headers["x-amz-trailer"];
	if (typeof trailer === "string") {
		const algorithm = CHECKSUM_ALGORITHMS.find(
			(candidate) => checksumHeader(candidate) === trailer.toLowerCase(),
		);
		if (algorithm === undefined) {
			throw new S3Error("InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
		}
		sent.push({ algorithm, value: undefined });
	}
	const [expected, another] = sent;
	if (another !== undefined) {
		throw new S3Error(
			"InvalidRequest",
			"Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
		);
	}
	const named = headers["x-amz-sdk-checksum-algorithm"];
	if (typeof named === "string" && parseAlgorithm(named) !== expected?.algorithm) {
		throw new S3Error(
			"InvalidRequest",
			"x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
		);
	}
	if (expected?.value !== undefined) assertChecksumValue(expected.algorithm, expected.value);
	return expected;
}

function parseContentMd5(header: IncomingHttpHeaders[string]): Buffer | undefined {
	if (typeof header !== "string") return undefined;
	const bytes = Buffer.from(header, "base64");
	if (bytes.byteLength !== 16 || bytes.toString("base64") !== header) {
		throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid.");
	}
	return bytes;
}

function assertPayload(sha256: Hash | undefined, payload: string): void {
	if (sha256 !== undefined && sha256.digest("hex") !== payload) {
		throw new S3Error(
			"XAmzContentSHA256Mismatch",
			"The provided 'x-amz-content-sha256' header does not match what was computed.",
		);
	}
}

function assertChecksum(
	{ algorithm, value: header }: ExpectedChecksum,
	value: string,
	trailers: Trailers,
): void {
	const expected = header ?? trailers.get(checksumHeader(algorithm));
	if (expected === undefined) {
		throw new S3Error(
			"MalformedTrailerError",
			"The request contained trailing data that was not well-formed.",
		);
	}
	assertChecksumValue(algorithm, expected);
	if (expected !== value) {
		throw new S3Error("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
	}
}

function incomplete(): S3Error {
	return new S3Error(
		"IncompleteBody",
		"You did not provide the number of bytes specified by the Content-Length HTTP header",
	);
}

function tooLarge(maxSize: number): S3Error {
	return new S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
		MaxSizeAllowed: String(maxSize),
	});
}
