/**
 * A web server that gives out the files of an archive in a bucket: one request to the storage for each, for that file's
 * bytes alone, and its CRC-32 checked on the way.
 *
 *     npx tsx examples/serve-entries.ts s3://demo/photos.zip      # PORT is 8080 unless set
 *     curl http://127.0.0.1:8080/2026/sunset.jpg
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { type Archive, ArchiveError, openArchive } from "zipferry";

const [location = ""] = process.argv.slice(2);
const { PORT = "8080" } = process.env;

let opened: Promise<Archive> | undefined;

function current(): Promise<Archive> {
	opened ??= openArchive(location);
	return opened;
}

/** Another archive is there now, or the storage failed: the next request opens it again. */
function forget(archive: Promise<Archive>): void {
	if (archive === opened) opened = undefined;
	archive.then(
		(old) => old.close(),
		() => {}, // it was not opened
	);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const clientGone = new AbortController();
	response.on("close", () => clientGone.abort());
	const archive = current();
	try {
		const entry = await (await archive).get(entryName(request.url ?? "/"));
		if (entry === undefined || entry.kind !== "file") return refuse(response, 404);
		if (request.method !== "GET") return refuse(response, 405);
		const etag = `"${entry.crc32.toString(16)}-${entry.uncompressedSize}"`;
		if (request.headers["if-none-match"] === etag) return void response.writeHead(304, { etag }).end();
		const chunks = entry.open(clientGone.signal)[Symbol.asyncIterator]();
		// Most problems show with the first chunk, while a proper response is still possible.
		const first = await chunks.next();
		response.writeHead(200, {
			"content-type": "application/octet-stream",
			"content-length": entry.uncompressedSize,
			"last-modified": entry.mtime.toUTCString(),
			"x-content-type-options": "nosniff",
			etag,
		});
		// From here on an error can only break the connection, and the length says that it is not all.
		await pipeline(async function* () {
			if (!first.done) yield first.value;
			yield* chunks;
		}, response);
	} catch (error) {
		if (clientGone.signal.aborted) return;
		console.error(error instanceof Error ? error.message : error);
		if (!(error instanceof ArchiveError) || error.code === "ARCHIVE_CHANGED") forget(archive);
		if (response.headersSent) response.destroy();
		else refuse(response, 502);
	}
}

/** Names are looked up as they are: there is no file system that a name with `..` could lead out of. */
function entryName(url: string): string {
	try {
		return decodeURIComponent(url.slice(1).replace(/\?.*/s, ""));
	} catch {
		return ""; // no valid percent-encoding, and no name of an entry
	}
}

function refuse(response: ServerResponse, status: number): void {
	response.writeHead(status, { "content-type": "text/plain" }).end(`${status}\n`);
}

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(PORT), "127.0.0.1");
await once(server, "listening");
const { entryCount } = await current();
const { port } = server.address() as AddressInfo; // of a server on TCP
console.log(`http://127.0.0.1:${port}/NAME gives one of ${entryCount} entries; Ctrl-C ends it`);
