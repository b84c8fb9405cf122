/**
 * "Download all" from AWS Lambda: a function URL with the invoke mode RESPONSE_STREAM. The sources are objects below
 * PREFIX, such as `s3://photos/albums/`.
 *
 * Lambda sends at most 200 MB, and after the first 6 MB no more than 2 MB per second; it does not tell that a client has gone. For
 * larger archives see `lambda-archive-on-a-timer.ts`: make them in a bucket, and hand out a presigned link.
 */
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { zipResponse } from "zipferry";

/** A global of functions in Node.js. */
declare const awslambda: {
	streamifyResponse(handler: (event: FunctionUrlEvent, stream: Writable) => Promise<void>): unknown;
	HttpResponseStream: { from(stream: Writable, head: { statusCode: number; headers: object }): Writable };
};

/** What matters here of a request to a function URL (payload format 2.0). */
interface FunctionUrlEvent {
	readonly rawPath: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly requestContext: { readonly domainName: string; readonly http: { readonly method: string } };
}

/** What may be downloaded: a name that comes with a request is looked up, and never becomes a key by itself. */
const ALBUMS = new Set(["holidays", "birthday"]);

export const handler = awslambda.streamifyResponse(async (event, stream) => {
	const response = await answer(event);
	const head = { statusCode: response.status, headers: Object.fromEntries(response.headers) };
	const out = awslambda.HttpResponseStream.from(stream, head);
	out.write(""); // status and headers go with the first write, and a response to HEAD has no other
	if (response.body !== null) {
		const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
		// Without `end: false` an error would destroy `out`, and Lambda could not tell the client about it.
		await pipeline(body, out, { end: false });
	}
	out.end();
});

async function answer({ rawPath, headers, requestContext }: FunctionUrlEvent): Promise<Response> {
	const { domainName, http } = requestContext;
	const request = new Request(new URL(rawPath, `https://${domainName}`), { method: http.method, headers });
	const album = rawPath.slice(1).replace(/\.zip$/, "");
	if (!ALBUMS.has(album)) return new Response("no such album\n", { status: 404 });
	return zipResponse(`${process.env["PREFIX"]}${album}/`, { filename: `${album}.zip`, request });
}
