import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { LocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { createSigner } from "../../s3/signer.ts";

export interface RawRequest {
	readonly method: string;
	/** `/bucket/key`, encoded. */
	readonly path: string;
	readonly query?: Record<string, string>;
	readonly headers?: Record<string, string>;
	/** The value of `x-amz-content-sha256`. */
	readonly payload?: string;
	readonly signingDate?: Date;
	readonly accessKeyId?: string;
	readonly secretAccessKey?: string;
}

export interface RawAnswer {
	readonly status: number;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
	/** Of the error document. */
	readonly code: string | undefined;
}

/** The headers of a request as the SDK's signer signs them. */
export async function signHeaders(
	server: LocalS3,
	{
		method,
		path,
		query = {},
		headers = {},
		payload = "UNSIGNED-PAYLOAD",
		signingDate,
		...identity
	}: RawRequest,
): Promise<Record<string, string>> {
	const { accessKeyId, secretAccessKey } = { ...server, ...identity };
	const signer = createSigner({ region: server.region, credentials: { accessKeyId, secretAccessKey } });
	const { protocol, hostname, host } = new URL(server.endpoint);
	const unsigned = { ...headers, host, "x-amz-content-sha256": payload };
	const request = { method, protocol, hostname, path, query, headers: unsigned };
	const signed = await signer.sign(request, { signingDate: signingDate ?? new Date() });
	return signed.headers;
}

/** Sends headers and body just as they are. */
export async function send(
	server: LocalS3,
	{ method, path, query = {} }: Pick<RawRequest, "method" | "path" | "query">,
	headers: Record<string, string>,
	body: Uint8Array | string = "",
): Promise<RawAnswer> {
	const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
	const url = `${server.endpoint}${path}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
	const request = httpRequest(url, { method, headers });
	request.on("error", () => {}); // a connection that breaks off later is an error of the response as well
	const sent = new Promise((resolve) => request.once("finish", resolve).once("close", resolve));
	request.end(body);
	// "response" comes with the answer.
	const [response] = (await once(request, "response")) as [IncomingMessage];
	const answer = await text(response);
	// The answer may come before the whole body is sent; the server has to take the rest.
	await sent;
	const code = /<Code>(\w+)<\/Code>/.exec(answer)?.[1];
	return { status: response.statusCode ?? 0, headers: response.headers, body: answer, code };
}

/** Signs the request and sends it. */
export async function signAndSend(
	server: LocalS3,
	request: RawRequest,
	body: Uint8Array | string = "",
): Promise<RawAnswer> {
	const headers = { "content-length": String(Buffer.byteLength(body)), ...request.headers };
	return await send(server, request, await signHeaders(server, { ...request, headers }), body);
}
