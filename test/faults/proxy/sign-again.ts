import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { createSigner } from "../../s3/signer.ts";
import type { Forwarded } from "./upstream.ts";

export interface SigningIdentity {
	readonly region: string;
	readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const DIGESTS = /^(authorization|x-amz-date|x-amz-content-sha256|x-amz-checksum-crc32|content-md5)$/i;

/** The request with a signature and digests that fit its body, whatever happened to that. */
export async function signAgain(
	{ method, path, rawHeaders }: Forwarded,
	body: Buffer,
	identity: SigningIdentity,
): Promise<Forwarded> {
	const { pathname, searchParams, host } = new URL(path, "http://localhost");
	const headers: Record<string, string> = {};
	let hasCrc32 = false;
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		const name = rawHeaders[index]?.toLowerCase() ?? "";
		if (name === "x-amz-checksum-crc32") hasCrc32 = true;
		if (!DIGESTS.test(name)) headers[name] = rawHeaders[index + 1] ?? "";
	}
	headers["x-amz-content-sha256"] = createHash("sha256").update(body).digest("hex");
	if (hasCrc32) headers["x-amz-checksum-crc32"] = crc32Header(body);
	const signed = await createSigner(identity).sign({
		method,
		protocol: "http:",
		hostname: headers["host"] ?? host,
		path: pathname,
		query: Object.fromEntries(searchParams),
		headers,
		body,
	});
	async function* whole(): AsyncGenerator<Uint8Array, void, void> {
		yield body;
	}
	return { method, path, rawHeaders: Object.entries(signed.headers).flat(), body: whole() };
}

function crc32Header(body: Buffer): string {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(crc32(body));
	return bytes.toString("base64");
}
