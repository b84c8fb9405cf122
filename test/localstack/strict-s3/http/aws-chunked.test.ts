import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { type LocalS3, startLocalS3 } from "../../../../localstack/strict-s3/local-s3.ts";
import { type RawAnswer, send, signAndSend, signHeaders } from "../raw-request.ts";

const server = await startLocalS3({ buckets: ["chunked"] });
afterAll(() => server.close());

const UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const PUT = { method: "PUT", path: "/chunked/key" };
const TEXT = "hello, chunks";
const CRC = Buffer.alloc(4);
CRC.writeUInt32BE(crc32(TEXT));

async function put(
	framed: string,
	payload = UNSIGNED,
	size = TEXT.length,
	trailer = "x-amz-checksum-crc32",
): Promise<RawAnswer> {
	const headers = {
		"content-encoding": "aws-chunked",
		"x-amz-decoded-content-length": String(size),
		...(payload === UNSIGNED ? { "x-amz-trailer": trailer } : {}),
	};
	return await signAndSend(server, { ...PUT, headers, payload }, framed);
}

async function stored(): Promise<string | undefined> {
	const { status, body } = await signAndSend(server, { method: "GET", path: "/chunked/key" });
	await signAndSend(server, { method: "DELETE", path: "/chunked/key" });
	return status === 200 ? body : undefined;
}

describe("a body in aws-chunked encoding", () => {
	const trailer = `x-amz-checksum-crc32:${CRC.toString("base64")}\r\n`;

	it("is stored without its framing, wherever its chunks end", async () => {
		const answer = await put(`5\r\nhello\r\n8\r\n, chunks\r\n0\r\n${trailer}\r\n`);
		expect([answer.status, answer.headers["x-amz-checksum-crc32"]]).toEqual([200, CRC.toString("base64")]);
		expect(await stored()).toBe(TEXT);
	});

	it.each([
		["a wrong trailer", `d\r\n${TEXT}\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n`, "BadDigest"],
		["no trailer", `d\r\n${TEXT}\r\n0\r\n\r\n`, "MalformedTrailerError"],
		["a trailer that is no header", `d\r\n${TEXT}\r\n0\r\nnonsense\r\n\r\n`, "MalformedTrailerError"],
		["a chunk header that is no number", `xyz\r\n${TEXT}\r\n0\r\n${trailer}\r\n`, "InvalidRequest"],
		["a chunk that is longer than it says", `5\r\n${TEXT}\r\n0\r\n${trailer}\r\n`, "InvalidRequest"],
		["data behind its end", `d\r\n${TEXT}\r\n0\r\n${trailer}\r\nmore`, "InvalidRequest"],
		["no last chunk", `d\r\n${TEXT}\r\n`, "IncompleteBody"],
		[
			"less data than announced",
			`5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n`,
			"IncompleteBody",
		],
		["more data than announced", `e\r\n${TEXT}!\r\n0\r\n${trailer}\r\n`, "IncompleteBody"],
	])("is refused with %s", async (_, framed, code) => {
		const answer = await put(framed);
		expect([answer.status, answer.code]).toEqual([400, code]);
		expect(await stored()).toBeUndefined();
	});

	it("is refused if its trailer is no checksum", async () => {
		expect((await put(`d\r\n${TEXT}\r\n0\r\n\r\n`, UNSIGNED, TEXT.length, "x-amz-other")).code).toBe(
			"InvalidRequest",
		);
	});

	it("is refused if it is signed in a way this server cannot verify", async () => {
		const answer = await put("", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD");
		expect([answer.status, answer.code]).toEqual([501, "NotImplemented"]);
	});
});

describe("signed chunks", () => {
	it("are stored if each signature is right", async () => {
		expect((await sendSigned(server, ["hello", ", chunks", ""])).status).toBe(200);
		expect(await stored()).toBe(TEXT);
	});

	it("may bring a signed checksum behind them", async () => {
		const trailer = { name: "x-amz-checksum-crc32", value: CRC.toString("base64") };
		const answer = await sendSigned(server, [TEXT, ""], { trailer });
		expect([answer.status, answer.headers["x-amz-checksum-crc32"]]).toEqual([200, trailer.value]);
		expect(await stored()).toBe(TEXT);
	});

	it.each([
		["a chunk was changed", { tamper: (body: string) => body.replace("hello", "jello") }],
		["a signature is missing", { tamper: (body: string) => body.replace(/;chunk-signature=\w+/, "") }],
		["a signature was made with another secret", { secret: "guess" }],
	])("are refused if %s", async (_, change) => {
		const answer = await sendSigned(server, ["hello", ", chunks", ""], change);
		expect([answer.status, answer.code]).toEqual([403, "SignatureDoesNotMatch"]);
		expect(await stored()).toBeUndefined();
	});

	it("are refused if the signature of the trailer is wrong or missing", async () => {
		const trailer = { name: "x-amz-checksum-crc32", value: CRC.toString("base64") };
		const wrong = (body: string) => body.replace(/trailer-signature:\w{4}/, "trailer-signature:0000");
		const missing = (body: string) => body.replace(/x-amz-trailer-signature:\w+\r\n/, "");
		for (const tamper of [wrong, missing]) {
			expect((await sendSigned(server, [TEXT, ""], { trailer, tamper })).code).toBe("SignatureDoesNotMatch");
		}
		expect(await stored()).toBeUndefined();
	});
});

interface SignedChunks {
	readonly secret?: string;
	readonly trailer?: { readonly name: string; readonly value: string };
	tamper?(body: string): string;
}

/** Signs chunk by chunk, by the rules of "Signature calculations for the Authorization header: multiple chunks". */
async function sendSigned(
	target: LocalS3,
	chunks: readonly string[],
	{ secret = target.secretAccessKey, trailer, tamper = (body) => body }: SignedChunks = {},
): Promise<RawAnswer> {
	const headers = {
		"content-encoding": "aws-chunked",
		"x-amz-decoded-content-length": String(TEXT.length),
		...(trailer === undefined ? {} : { "x-amz-trailer": trailer.name }),
	};
	const payload = trailer === undefined ? SIGNED : `${SIGNED}-TRAILER`;
	const signed = await signHeaders(target, { ...PUT, headers, payload });
	const timestamp = signed["x-amz-date"] ?? "";
	const scope = [timestamp.slice(0, 8), target.region, "s3", "aws4_request"];
	const signingKey = scope.reduce<string | Buffer>((key, text) => hmac(key, text), `AWS4${secret}`);
	let signature = signed["authorization"]?.split("Signature=")[1] ?? "";
	const sign = (algorithm: string, ...hashes: string[]): string => {
		const text = [algorithm, timestamp, scope.join("/"), signature, ...hashes].join("\n");
		signature = hmac(signingKey, text).toString("hex");
		return signature;
	};

	let body = "";
	for (const chunk of chunks) {
		sign("AWS4-HMAC-SHA256-PAYLOAD", sha256(""), sha256(chunk));
		body += `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}${chunk === "" ? "" : "\r\n"}`;
	}
	if (trailer !== undefined) {
		sign("AWS4-HMAC-SHA256-TRAILER", sha256(`${trailer.name}:${trailer.value}\n`));
		body += `${trailer.name}:${trailer.value}\r\nx-amz-trailer-signature:${signature}\r\n`;
	}
	const framed = tamper(`${body}\r\n`);
	return await send(target, PUT, { ...signed, "content-length": String(framed.length) }, framed);
}

function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
	return createHmac("sha256", key).update(text).digest();
}
