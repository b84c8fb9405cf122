/**
 * An S3 endpoint that keeps nothing: it counts the bytes of an object and forgets them. As cheap as it can
 * be, so that what is measured is the sender. ETags are MD5s where the sender says the MD5, else opaque.
 * One file can be had from it, whole or by ranges, and a folder as the objects of a bucket.
 *
 * Started with `fork()`: answers `{ key }` with the size of the object, and `{ serve, bucket, delayMs, tls, line }`
 * with its port when it serves that file and that folder, delays each answer, speaks TLS with that certificate,
 * and is at the end of that line; ends with its parent.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { bucketOf } from "./sink-bucket.mjs";
import { lineTo } from "./sink-line.mjs";

const objects = new Map();
const uploads = new Map();
/** The file and the bucket that can be read, and how long each answer takes. */
let served;
let bucket;
let delayMs = 0;

async function answerRequest(request, response) {
	const url = new URL(request.url, "http://sink");
	const size = await discard(request);
	if (delayMs > 0) await delay(delayMs);
	if (url.pathname === served?.key && ["GET", "HEAD"].includes(request.method))
		return sendFile(served, request, response);
	const found = bucket?.find(request.method, url);
	if (found?.list !== undefined)
		return response.writeHead(200, { "content-type": "application/xml" }).end(found.list);
	if (found?.object !== undefined) return sendFile(found.object, request, response);
	response.setHeader("x-amz-request-id", "sink");
	const answer = ANSWERS[request.method]?.(url, size, request.headers) ?? { status: 501 };
	response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
}

const ANSWERS = {
	HEAD: ({ pathname }) => (isBucket(pathname) ? {} : describeObject(objects.get(pathname))),
	PUT({ pathname, searchParams }, size, headers) {
		const part = { size, md5: md5Of(headers) };
		const upload = uploads.get(searchParams.get("uploadId"));
		if (searchParams.has("uploadId")) upload.set(Number(searchParams.get("partNumber")), part);
		else objects.set(pathname, { size, etag: part.md5 ?? "opaque" });
		return { headers: { etag: `"${part.md5 ?? "opaque"}"` } };
	},
	POST({ pathname, searchParams }) {
		if (searchParams.has("uploads")) {
			const id = `upload-${uploads.size + 1}`;
			uploads.set(id, new Map());
			return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
		}
		const sent = [...uploads.get(searchParams.get("uploadId"))]; // in the order they came in
		const parts = sent.sort(([a], [b]) => a - b).map(([, part]) => part);
		const object = { size: parts.reduce((sum, { size }) => sum + size, 0), etag: etagOf(parts) };
		objects.set(pathname, object);
		const [, bucket, ...key] = pathname.split("/");
		const fields = `<Bucket>${bucket}</Bucket><Key>${key.join("/")}</Key><ETag>"${object.etag}"</ETag>`;
		return xml(`<CompleteMultipartUploadResult>${fields}</CompleteMultipartUploadResult>`);
	},
	GET({ searchParams }) {
		if (!searchParams.has("uploads")) return { status: 404 };
		return xml("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
	},
	DELETE: () => ({ status: 204 }),
};

/** Sends a file that is served, or a range of it. */
function sendFile({ file, size, etag = "served" }, { method, headers }, response) {
	const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "") ?? [];
	const start = from === "" ? Math.max(0, size - Number(to)) : Number(from ?? 0);
	const end = from === "" || !to ? size - 1 : Math.min(size - 1, Number(to));
	response.writeHead(headers.range === undefined ? 200 : 206, {
		etag: `"${etag}"`,
		"accept-ranges": "bytes",
		"content-length": end - start + 1,
		"last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
		...(headers.range !== undefined && { "content-range": `bytes ${start}-${end}/${size}` }),
	});
	if (method === "HEAD") response.end();
	else createReadStream(file, { start, end, highWaterMark: 1 << 18 }).pipe(response);
}

/** The size of the object in a body; what a sender has wrapped around its chunks is not part of it. */
async function discard(request) {
	let received = 0;
	request.on("data", (chunk) => {
		received += chunk.byteLength;
	});
	await new Promise((resolve, reject) => request.on("end", resolve).on("error", reject));
	return Number(request.headers["x-amz-decoded-content-length"] ?? received);
}

function describeObject(object) {
	if (object === undefined) return { status: 404 };
	return { headers: { "content-length": object.size, etag: `"${object.etag}"` } };
}

function md5Of({ "content-md5": md5 }) {
	return md5 === undefined ? undefined : Buffer.from(md5, "base64").toString("hex");
}

function etagOf(parts) {
	if (parts.some(({ md5 }) => md5 === undefined)) return `opaque-${parts.length}`;
	const joined = Buffer.from(parts.map(({ md5 }) => md5).join(""), "hex");
	return `${createHash("md5").update(joined).digest("hex")}-${parts.length}`;
}

function isBucket(pathname) {
	return pathname.split("/").filter((segment) => segment !== "").length < 2;
}

function xml(body) {
	return { headers: { "content-type": "application/xml" }, body: `<?xml version="1.0"?>${body}` };
}

/** Servers that were asked for, by what they speak. */
const ports = new Map();

async function portOf(tls) {
	const create = tls === undefined ? createServer : createSecureServer;
	const server = create({ keepAliveTimeout: 60_000, requestTimeout: 0, ...tls }, answerRequest);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return server.address().port;
}

process.on("message", async (message) => {
	if (!("serve" in message)) return process.send({ size: objects.get(message.key)?.size });
	const { tls, line, delayMs: ms } = message;
	const { key, file } = message.serve;
	bucket = message.bucket === undefined ? undefined : bucketOf(message.bucket);
	served = file === undefined ? undefined : { key, file, size: statSync(file).size };
	delayMs = ms;
	if (!ports.has(tls?.cert)) ports.set(tls?.cert, await portOf(tls));
	const port = ports.get(tls?.cert);
	process.send({ port: line === undefined ? port : await lineTo(port, line) });
});
process.on("disconnect", () => process.exit());
