import { createHash } from "node:crypto";
import { S3Error } from "../errors.ts";
import { KiB } from "../units.ts";
import { type Authentication, equal } from "./signature.ts";

const MAX_LINE_SIZE = 16 * KiB;
const EMPTY_SHA256 = createHash("sha256").digest("hex");

/** Header lines after the last chunk, lower-case names. */
export type Trailers = Map<string, string>;

/**
 * The data inside an `aws-chunked` body: each chunk is announced by a line with its size in hex, the
 * last one is empty, trailers may follow.
 *
 * Data is yielded before the signature of its chunk is known, since a chunk may be of any size. Whoever
 * stores it must not show it to anyone until this generator has ended.
 *
 * @param authentication - Of a request whose chunks are signed; `undefined` if they are not.
 * @param trailers - Filled when the generator ends.
 */
export async function* decodeChunks(
	body: AsyncIterable<Uint8Array>,
	authentication: Authentication | undefined,
	trailers: Trailers,
): AsyncGenerator<Uint8Array, void, void> {
	const reader = new ByteReader(body);
	const signatures = authentication && new ChunkSignatures(authentication);
	for (;;) {
		const { size, signature } = parseChunkHeader(await reader.line());
		const hash = signatures && createHash("sha256");
		for (let left = size; left > 0; ) {
			const piece = await reader.take(left);
			left -= piece.byteLength;
			hash?.update(piece);
			yield piece;
		}
		await signatures?.verifyChunk(hash?.digest("hex") ?? EMPTY_SHA256, signature);
		if (size === 0) break;
		if ((await reader.line()) !== "") throw malformed();
	}
	await readTrailers(reader, signatures, trailers);
}

async function readTrailers(
	reader: ByteReader,
	signatures: ChunkSignatures | undefined,
	trailers: Trailers,
): Promise<void> {
	const hash = createHash("sha256");
	let count = 0;
	for (let line = await reader.line(); line !== ""; line = await reader.line()) {
		const separator = line.indexOf(":");
		if (separator <= 0) throw new S3Error("MalformedTrailerError", "The trailer has an invalid line.");
		const name = line.slice(0, separator).trim().toLowerCase();
		const value = line.slice(separator + 1).trim();
		if (name === "x-amz-trailer-signature") {
			await signatures?.verifyTrailers(hash.digest("hex"), value);
			count = 0;
			continue;
		}
		hash.update(`${name}:${value}\n`);
		trailers.set(name, value);
		count += 1;
	}
	if (signatures !== undefined && count > 0) {
		throw new S3Error("SignatureDoesNotMatch", "The trailers of the request are not signed.");
	}
	if (!(await reader.ended())) throw malformed();
}

function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
	const [, digits, , signature] = /^([0-9a-fA-F]{1,12})(;chunk-signature=([0-9a-f]{64}))?$/.exec(line) ?? [];
	if (digits === undefined) throw malformed();
	return { size: Number.parseInt(digits, 16), signature };
}

function malformed(): S3Error {
	return new S3Error("InvalidRequest", "The body is not in valid aws-chunked encoding.");
}

/** Each signature covers the one before it, the first one that of the headers. */
class ChunkSignatures {
	readonly #authentication: Authentication;
	#previous: string;

	constructor(authentication: Authentication) {
		this.#authentication = authentication;
		this.#previous = authentication.seed;
	}

	verifyChunk(sha256: string, signature: string | undefined): Promise<void> {
		return this.#verify(["AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256, sha256], signature);
	}

	verifyTrailers(sha256: string, signature: string): Promise<void> {
		return this.#verify(["AWS4-HMAC-SHA256-TRAILER", sha256], signature);
	}

	async #verify(
		[algorithm = "", ...hashes]: readonly string[],
		signature: string | undefined,
	): Promise<void> {
		const { timestamp, scope } = this.#authentication;
		const text = [algorithm, timestamp, scope, this.#previous, ...hashes].join("\n");
		const expected = await this.#authentication.sign(text);
		if (signature === undefined || !equal(expected, signature)) {
			throw new S3Error("SignatureDoesNotMatch", "The signature of a chunk does not match.");
		}
		this.#previous = expected;
	}
}

/** Takes lines and runs of bytes out of a body, wherever its own chunks end. */
class ByteReader {
	readonly #source: AsyncIterator<Uint8Array>;
	#rest: Buffer = Buffer.alloc(0);

	constructor(source: AsyncIterable<Uint8Array>) {
		this.#source = source[Symbol.asyncIterator]();
	}

	/** The text up to the next CR LF. */
	async line(): Promise<string> {
		for (;;) {
			const end = this.#rest.indexOf("\r\n");
			if (end >= 0) {
				const line = this.#rest.toString("latin1", 0, end);
				this.#rest = this.#rest.subarray(end + 2);
				return line;
			}
			if (this.#rest.byteLength > MAX_LINE_SIZE) throw malformed();
			this.#rest = Buffer.concat([this.#rest, await this.#next()]);
		}
	}

	/** Between one byte and `size` bytes. */
	async take(size: number): Promise<Uint8Array> {
		if (this.#rest.byteLength === 0) this.#rest = await this.#next();
		const piece = this.#rest.subarray(0, size);
		this.#rest = this.#rest.subarray(piece.byteLength);
		return piece;
	}

	async ended(): Promise<boolean> {
		return this.#rest.byteLength === 0 && (await this.#source.next()).done === true;
	}

	async #next(): Promise<Buffer> {
		const { done, value } = await this.#source.next();
		if (done === true) throw new S3Error("IncompleteBody", "The request body terminated unexpectedly");
		return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	}
}
