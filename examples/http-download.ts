/**
 * "Download all" with nothing but Node.js: an archive that is made while it is sent, and can be resumed. The same with Express,
 * Fastify, Hono, Next.js and AWS Lambda is in `downloads/`.
 *
 *     npx tsx examples/http-download.ts ./albums        # PORT is 8080 unless set
 *     curl -OJ http://127.0.0.1:8080/holidays.zip       # the directory ./albums/holidays
 */
import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sendZip } from "zipferry";

const [root = "."] = process.argv.slice(2);
// What there is, from the disk: a name that comes with a request is looked up, and never becomes a path by itself.
const found = await readdir(root, { withFileTypes: true });
const albums = new Set(found.filter((entry) => entry.isDirectory()).map(({ name }) => name));

const server = createServer(async (request, response) => {
	const album = albumOf(request.url ?? "");
	if (!albums.has(album)) return void response.writeHead(404).end("no such album\n");
	if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
	try {
		await sendZip(join(root, album), { filename: `${album}.zip`, request, response });
	} catch (error) {
		console.error(`${album}: ${error instanceof Error ? error.message : error}`);
		// If it had begun, the connection was cut, and the client knows.
		if (!response.headersSent) response.writeHead(500).end("this album cannot be sent\n");
	}
});

function albumOf(url: string): string {
	try {
		return decodeURIComponent(/^\/([^/?]+)\.zip(?:\?|$)/.exec(url)?.[1] ?? "");
	} catch {
		return ""; // no valid percent-encoding, and no name of an album
	}
}

server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
	const { port } = server.address() as AddressInfo; // of a server on TCP
	console.log(`http://127.0.0.1:${port}/NAME.zip gives ${join(root, "NAME")}; Ctrl-C ends it`);
});
