/**
 * A web server that responds with an archive made on the fly: the download starts at once, whatever its
 * size, and ends as soon as the client goes away.
 *
 *     npx tsx examples/http-download.ts ./albums        # PORT is 8080 unless set
 *     curl -OJ http://127.0.0.1:8080/holidays.zip       # the directory ./albums/holidays
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { SourceError, ZipStream } from "zipferry";

const [root = "."] = process.argv.slice(2);
const { PORT = "8080" } = process.env;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const name = albumName(request.url ?? "/");
	if (name === undefined) return refuse(response, 404);
	if (request.method !== "GET") return refuse(response, 405);

	const clientGone = new AbortController();
	response.on("close", () => clientGone.abort());
	const zip = new ZipStream({ signal: clientGone.signal }).addPath(join(root, name), "");
	const chunks = zip[Symbol.asyncIterator]();
	// Problems that exist from the start show with the first chunk, while a proper response is still possible.
	let first: IteratorResult<Uint8Array, void>;
	try {
		first = await chunks.next();
	} catch (error) {
		console.error(`${name}: ${error}`);
		return refuse(response, error instanceof SourceError && error.code === "SOURCE_NOT_FOUND" ? 404 : 500);
	}
	response.writeHead(200, {
		"content-type": "application/zip",
		"content-disposition": attachment(`${name}.zip`),
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
	});
	try {
		// From here on an error can only break the connection: pipeline() destroys the response, so that the
		// client does not take half an archive for a whole one.
		await pipeline(async function* () {
			if (!first.done) yield first.value;
			yield* chunks;
		}, response);
		console.log(`${name}: sent ${zip.summary?.size} bytes`);
	} catch (error) {
		console.log(`${name}: ended early: ${error instanceof Error ? error.message : error}`);
	}
}

/** The album a path such as `/holidays.zip` asks for: one name, never a way out of the root. */
function albumName(url: string): string | undefined {
	try {
		const name = /^\/([^/?]+)\.zip(?:\?|$)/.exec(url)?.[1];
		const decoded = decodeURIComponent(name ?? "");
		return /^[^./\\\0][^/\\\0]*$/.test(decoded) ? decoded : undefined;
	} catch {
		return undefined; // no valid percent-encoding
	}
}

/** Content-Disposition with a name in ASCII for old clients, and the real one for all others (RFC 6266). */
function attachment(fileName: string): string {
	const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
	const encoded = encodeURIComponent(fileName).replace(
		/['()*]/g, // left alone by encodeURIComponent, and not allowed by RFC 5987
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function refuse(response: ServerResponse, status: number): void {
	response.writeHead(status, { "content-type": "text/plain" }).end(`${status}\n`);
}

const server = createServer((request, response) => void answer(request, response));
server.listen(Number(PORT), "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo; // of a server on TCP
console.log(`http://127.0.0.1:${port}/NAME.zip gives ${join(root, "NAME")}; Ctrl-C ends it`);
